import { Command } from "commander";
import { parseCounts } from "./arguments.js";

/** The options of `npm run bench:operate`. */
export interface OperateOptions {
  /** Numbers of tenants, each measured on a sandbox of its own. */
  readonly tenants: readonly number[];
  /** File that gets the result. @default - none */
  readonly json?: string;
}

/**
 * Reads the options, or prints the help or the first wrong one and ends the process.
 * @param args arguments without the name of the program
 * @param command prints and ends. @default - that of Commander
 */
export function operateOptions(args: readonly string[], command = new Command()): OperateOptions {
  command
    .name("npm run bench:operate --")
    .description("Measures `npx fleet status`, `audit` and `verify` on sandboxes with generated tenants.")
    .option("--tenants <list>", "numbers of tenants, the smallest first", parseCounts, [20, 200])
    .option("--json <file>", "also write the result to a file, as JSON")
    .showHelpAfterError("(see --help)")
    .parse(args, { from: "user" });
  const options = command.opts<OperateOptions>();
  const isRising = options.tenants.every((count, index) => index === 0 || count > (options.tenants[index - 1] ?? 0));
  if (!isRising) command.error("error: --tenants needs the smallest number first.");
  return options;
}

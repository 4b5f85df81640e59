import { Command } from "commander";
import { parseCount } from "./arguments.js";

/** The options of `npm run bench:diff`. */
export interface DiffOptions {
  /** Whether `npx fleet diff --live` is measured, too. */
  readonly live: boolean;
  /** Number of tenants of the stack that it is measured with. */
  readonly tenants: number;
}

/**
 * Reads the options, or prints the help or the first wrong one and ends the process.
 * @param args arguments without the name of the program
 * @param command prints and ends. @default - that of Commander
 */
export function diffOptions(args: readonly string[], command = new Command()): DiffOptions {
  command
    .name("npm run bench:diff --")
    .description("Measures `npx fleet diff` for three stacks with thirty tenants each, without Flux's own objects.")
    .option("--live", "also measure `npx fleet diff --live` of one stack, beside the engine's own preview of it", false)
    .option("--tenants <number>", "how many tenants that stack has", parseCount, 30)
    .showHelpAfterError("(see --help)")
    .parse(args, { from: "user" });
  const options = command.opts<DiffOptions>();
  if (!options.live && command.getOptionValueSource("tenants") === "cli") {
    command.error("error: --tenants needs --live.");
  }
  return options;
}

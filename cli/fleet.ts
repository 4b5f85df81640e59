import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { addCheckCommand } from "./commands/check.js";
import { addLockCommand } from "./commands/lock.js";
import { addSandboxCommands } from "./commands/sandbox.js";
import { explain } from "./explain.js";
import { type Streams, standardStreams } from "./streams.js";

/** The folder of this project. */
const checkout = join(import.meta.dirname, "..");

/**
 * The `fleet` command with its subcommands.
 * @param root folder whose files `check` reads
 */
export function createProgram(streams: Streams, root = checkout): Command {
  const program = new Command("fleet")
    .description("A fleet of multi-tenant Flux clusters as one Pulumi program")
    .configureOutput({ writeOut: streams.out, writeErr: streams.err })
    .showHelpAfterError("(--help shows what is possible)")
    .exitOverride();
  addCheckCommand(program, streams, root);
  addSandboxCommands(program, streams);
  addLockCommand(program, streams);
  return program;
}

/**
 * Runs the command.
 * @param args arguments without the name of the program
 * @param root folder whose files `check` reads @default - the folder of this project
 * @returns the exit code: 0 for success, 1 for a failure, 2 for wrong arguments
 */
export async function main(
  args: readonly string[],
  streams: Streams = standardStreams,
  root?: string,
): Promise<number> {
  try {
    await createProgram(streams, root).parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    // Commander has said what is wrong already; asking for help is not wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    streams.err(`${explain(error)}\n`);
    return 1;
  }
}

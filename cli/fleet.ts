import { Command, CommanderError } from "commander";
import { addLockCommand } from "./commands/lock.js";
import { addSandboxCommands } from "./commands/sandbox.js";
import { explain } from "./explain.js";
import { type Streams, standardStreams } from "./streams.js";

/** The `fleet` command and everything below it. */
export function createProgram(streams: Streams): Command {
  const program = new Command("fleet")
    .description("A fleet of multi-tenant Flux clusters as one Pulumi program")
    .configureOutput({ writeOut: streams.out, writeErr: streams.err })
    .showHelpAfterError("(--help shows what is possible)")
    .exitOverride();
  addSandboxCommands(program, streams);
  addLockCommand(program, streams);
  return program;
}

/**
 * Runs the command.
 * @param args without the program's own name
 * @returns the exit code: 0 when it went well, 1 when it did not, 2 when it was called wrongly
 */
export async function main(args: readonly string[], streams: Streams = standardStreams): Promise<number> {
  try {
    await createProgram(streams).parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    // Commander has said what is wrong already; asking for help is not wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    streams.err(`${explain(error)}\n`);
    return 1;
  }
}

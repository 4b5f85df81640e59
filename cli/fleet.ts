import { Command, CommanderError } from "commander";
import { checkout } from "./checkout.js";
import { addCheckCommand } from "./commands/check.js";
import { addDiffCommand } from "./commands/diff.js";
import { addGuideCommand } from "./commands/guide.js";
import { addHelpCommand } from "./commands/help.js";
import { addLockCommand } from "./commands/lock.js";
import { addPromoteCommand } from "./commands/promote.js";
import { addSandboxCommands } from "./commands/sandbox.js";
import { addShowCommand } from "./commands/show.js";
import { addStackCommands } from "./commands/stack.js";
import { addUpCommand } from "./commands/up.js";
import { addWaitCommand } from "./commands/wait.js";
import { explain } from "./explain.js";
import { type Streams, standardStreams } from "./streams.js";
import { projectVersion } from "./version.js";

/** The exit codes, for every help text. */
export const exitCodes = "\nExit codes: 0 for success, 1 for a failure, 2 for wrong arguments.";

/**
 * Runs the `fleet` command.
 * @param args arguments without the name of the program
 * @param root folder whose stacks the commands read @default - the folder of this project
 * @returns the exit code: 0 for success, 1 for a failure, 2 for wrong arguments
 */
export async function main(
  args: readonly string[],
  streams: Streams = standardStreams,
  root = checkout,
): Promise<number> {
  const program = new Command("fleet")
    .description("A fleet of multi-tenant Flux clusters as one Pulumi program")
    .version(projectVersion())
    .addHelpText("afterAll", exitCodes)
    .configureOutput({ writeOut: streams.out, writeErr: streams.err })
    .showHelpAfterError("(see --help)")
    .exitOverride();
  addCheckCommand(program, streams, root);
  addDiffCommand(program, streams, root);
  addGuideCommand(program, streams, root);
  addShowCommand(program, streams, root);
  addStackCommands(program, streams, root);
  addPromoteCommand(program, streams, root);
  addUpCommand(program, root);
  addWaitCommand(program, streams, root);
  addSandboxCommands(program, streams, root);
  addLockCommand(program, streams);
  addHelpCommand(program);
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    // Commander has printed the error. A request for help is no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    streams.err(`${explain(error)}\n`);
    return 1;
  }
}

import { Command, CommanderError } from "commander";
import { plainCharacters } from "../review/document/plain-characters.js";
import { exitCode, exitCodeOf, exitCodes } from "./exit-code.js";
import { explain } from "./explain.js";
import type { Streams } from "./streams.js";
import { projectVersion } from "./version.js";

/**
 * Runs the `fleet` command.
 * @param args arguments without the name of the program
 * @param addCommands adds the commands that it may run
 * @returns the exit code, as {@link exitCodes} explains
 */
export async function runCommands(
  args: readonly string[],
  streams: Streams,
  addCommands: (program: Command) => void,
): Promise<number> {
  const program = buildProgram(streams);
  addCommands(program);
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode.success;
  } catch (error) {
    // Commander has printed the error. A request for help is no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.success : exitCode.wrongArguments;
    // A message may repeat words of files, of a recorded program, of Flux or of GitHub: none may move the terminal's cursor.
    streams.err(`${plainCharacters(explain(error))}\n`);
    return exitCodeOf(error);
  }
}

/** The `fleet` command without its subcommands. */
export function buildProgram({ out, err }: Streams): Command {
  return new Command("fleet")
    .description("A fleet of multi-tenant Flux clusters as one Pulumi program")
    .version(projectVersion())
    .addHelpText("afterAll", exitCodes)
    .configureOutput({ writeOut: out, writeErr: err })
    .showHelpAfterError("(see --help)")
    .exitOverride();
}

import { checkout } from "../checkout.js";
import { addDiffCommand } from "../commands/diff.js";
import { runCommands } from "../run-commands.js";
import { type Streams, standardStreams } from "../streams.js";

/** Runs `fleet diff` alone, without the modules of other commands. */
export async function main(args: readonly string[], streams: Streams = standardStreams): Promise<number> {
  return await runCommands(args, streams, (program) => addDiffCommand(program, streams, checkout));
}

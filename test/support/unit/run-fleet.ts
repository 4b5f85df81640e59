import type { Command } from "commander";
import { main } from "../../../cli/fleet.js";
import { runCommands } from "../../../cli/run-commands.js";
import type { Streams } from "../../../cli/streams.js";

/** The result of a command of `fleet`. */
export interface CommandResult {
  /** Exit code: 0 for success, 1 for a failure, 2 for wrong arguments. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `fleet` on a checkout, as a user does. */
export async function runFleet(root: string, ...args: readonly string[]): Promise<CommandResult> {
  return await withOutput((streams) => main(args, streams, root));
}

/** Runs `fleet` with these commands alone: a test adds them with sources of its own, such as outputs of stacks. */
export async function runFleetWith(
  addCommands: (program: Command, streams: Streams) => void,
  ...args: readonly string[]
): Promise<CommandResult> {
  return await withOutput((streams) => runCommands(args, streams, (program) => addCommands(program, streams)));
}

async function withOutput(run: (streams: Streams) => Promise<number>): Promise<CommandResult> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await run({ out: (text) => void out.push(text), err: (text) => void err.push(text) });
  return { code, out: out.join(""), err: err.join("") };
}

import type { FleetSpec } from "../../config/fleet-spec.js";
import { FleetError, fleetError, type Problem } from "../../lib/diagnostics/problem.js";
import { onOneLine } from "../../review/document/plain-characters.js";
import { plainText } from "../../review/phrase.js";
import { findingLine, findingProblem, isBlocking } from "../../review/rules/judge.js";
import { readWaivers } from "../../review/rules/waivers.js";
import { loadStack } from "../load-stack.js";
import type { Streams } from "../streams.js";
import { platformFindings } from "./platform-findings.js";
import { repositoryEntryProblems } from "./repository-entries.js";

/** The input of a check of the platform's repository. */
export interface CheckRepositoryArgs {
  /** Folder of the program, whose rules, stacks and waivers count. */
  readonly root: string;
  /** Checkout of the platform's repository. Its files are data: none of them runs. */
  readonly folder: string;
  readonly stacks: readonly string[];
  /** Directory with Flux's manifests. @default - they are fetched */
  readonly manifests?: string | undefined;
  /** Whether the form of Flux's objects is left out. */
  readonly withoutFlux: boolean;
  /** The day of the judgement, `2027-03-31`. */
  readonly today: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly streams: Pick<Streams, "out">;
}

/**
 * Judges `fleet/` of a checkout of the platform's repository, for stacks of this program.
 * @throws FleetError with every broken rule that no waiver accepts, and every problem that hides others
 */
export async function checkRepository(args: CheckRepositoryArgs): Promise<void> {
  const { root, folder, stacks, today, streams } = args;
  const entries = repositoryEntryProblems(folder);
  const { specs, problems } = await specsOf(root, folder, stacks);
  const { findings, notes } = await platformFindings({
    ...args,
    root: folder,
    lockRoot: root,
    specs,
    waivers: readWaivers(root, today),
  });
  const accepted = findings.filter((one) => !isBlocking(one)).map((one) => `${one.stack}: ${findingLine(one)}`);
  for (const line of [...notes.map(plainText), ...accepted]) streams.out(`${logText(line)}\n`);
  const blocking = [...entries, ...problems, ...findings.filter(isBlocking).map(findingProblem)];
  if (blocking.length > 0) throw new FleetError(blocking.map(asOneLine));
  streams.out(`fleet/ keeps the rules of the platform on ${stacks.join(", ")}.\n`);
}

function asOneLine(problem: Problem): Problem {
  const { file, path, message } = problem;
  return { ...problem, file: logText(file), path: logText(path), message: logText(message) };
}

/** GitHub takes a line that begins with `::`, or has `##[` anywhere, for a command. A name in a file may have line breaks. */
function logText(text: string): string {
  return onOneLine(text).replaceAll("##[", "## [");
}

/** The specs of stacks, with the variables and namespaces that decide. A stack without one must not pass unjudged. */
async function specsOf(root: string, folder: string, stacks: readonly string[]) {
  const [specs, problems]: [FleetSpec[], Problem[]] = [[], []];
  for (const stack of stacks) {
    const loaded = await loadStack(root, stack, { platformRoot: folder });
    if (loaded.spec !== undefined) specs.push(loaded.spec);
    problems.push(...loaded.problems);
    if (loaded.spec === undefined && loaded.problems.length === 0) {
      const message = `encrypted settings hide what is needed: ${loaded.uncheckedKeys.join(", ")}`;
      problems.push(
        ...fleetError(`Pulumi.${stack}.yaml`, "", message, "Take them out of the encrypted settings").problems,
      );
    }
  }
  return { specs, problems };
}

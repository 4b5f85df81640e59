import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collectProblems } from "../../lib/diagnostics/collect-problems.js";
import { FleetError, type Problem, problemLine } from "../../lib/diagnostics/problem.js";
import type { ReviewDocument } from "../../review/document/document.js";
import { review } from "../../review/document/review.js";
import { listed, type Phrase, phrase } from "../../review/phrase.js";
import type { RuleFinding } from "../../review/rules/judge.js";
import { withBaseCopy } from "./base-copy.js";
import { describeHead, findBase } from "./base-revision.js";
import { judgePlans } from "./judge-plans.js";
import { comparedPlans, judgedPlans } from "./pair-stacks.js";
import type { RecordedStack, RecordRequest } from "./recorded-revision.js";
import { runRecorder } from "./run-recorder.js";

/** The arguments of a comparison. */
export interface CompareArgs {
  /** Folder of the working tree. */
  readonly checkout: string;
  /** Revision that the change begins at: `origin/main`. */
  readonly base: string;
  /** Stacks to compare. @default - all stacks of both revisions */
  readonly stacks?: readonly string[] | undefined;
  /** Directory with Flux's manifests. @default - they are fetched */
  readonly manifests?: string | undefined;
  /** Whether Flux's own objects are left out. */
  readonly withoutFlux: boolean;
  /** The day of the review, `2027-03-31`. */
  readonly today: string;
}

/** A compared change. */
export interface Comparison {
  readonly document: ReviewDocument;
  /** The findings of the rules. */
  readonly findings: readonly RuleFinding[];
}

/** The most problems of the base that a note repeats, and the most characters of each. */
const [mostProblems, longestProblem] = [3, 300];

/**
 * Compares the working tree with a base revision. Each is recorded by its own program.
 * @throws FleetError with all problems of the working tree's files. Problems of the base are notes
 */
export async function compareRevisions(args: CompareArgs): Promise<Comparison> {
  const { checkout, withoutFlux } = args;
  const [base, head] = [await findBase(checkout, args.base), await describeHead(checkout)];
  return await withBaseCopy(checkout, base, async (copy) => {
    const { before, after, failure } = await recordBoth(args, copy.root);
    const problems = after.recorded.flatMap((one) => ("problems" in one ? one.problems : []));
    if (problems.length > 0) throw new FleetError(problems.map(asProblem));
    const broken = (before?.recorded ?? []).filter((one) => "problems" in one);
    const plans = comparedPlans(before, after);
    const notes: Phrase[] = [
      ...(head.dirty ? [["the working tree has changes that are not committed, and they are a part of this"]] : []),
      ...(base.ahead > 0
        ? [phrase`${args.base} has ${String(base.ahead)} newer commits, which are no part of this`]
        : []),
      ...copy.notes,
      ...(failure === undefined ? [] : [phrase`the base's program does not run, so nothing is compared: ${failure}`]),
      ...broken.flatMap(brokenNote),
      ...(withoutFlux ? [["Flux's own objects are not compared (--without-flux)"]] : []),
    ];
    const findings = judgePlans(judgedPlans(before, after), { ...args, baseRoot: copy.root });
    return { document: review({ base: base.name, head: head.name, stacks: plans, notes, findings }), findings };
  });
}

/** Records both revisions at the same time. A base that does not run is not this change's problem. */
async function recordBoth({ checkout, stacks, manifests, withoutFlux }: CompareArgs, baseRoot: string) {
  const folder = await mkdtemp(join(tmpdir(), "fleet-diff-"));
  const secretKey = randomBytes(32).toString("base64");
  const request = (name: string): RecordRequest => ({
    out: join(folder, name),
    stacks,
    secretKey,
    manifests,
    withoutFlux,
  });
  try {
    const [before, after] = await Promise.all([
      collectProblems({ recorded: runRecorder(baseRoot, request("before")) }),
      runRecorder(checkout, request("after")),
    ]);
    const failure = before.problems.map(problemLine).join(" ").slice(0, longestProblem);
    return { before: before.results.recorded, after, failure: failure === "" ? undefined : failure };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function brokenNote(one: RecordedStack): Phrase[] {
  if (!("problems" in one)) return [];
  const shown = one.problems.slice(0, mostProblems).map((problem) => phrase`${problem.slice(0, longestProblem)}`);
  const more = one.problems.length > shown.length ? ` and ${one.problems.length - shown.length} more` : "";
  return [phrase`stack ${one.stack} of the base does not load, so it is not compared: ${listed(shown)}${[more]}`];
}

/** A problem that is one line already. */
function asProblem(line: string): Problem {
  return { file: "", path: "", message: line };
}

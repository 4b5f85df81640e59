import { bothResults } from "../../lib/diagnostics/both-results.js";
import { FleetError, type Problem } from "../../lib/diagnostics/problem.js";
import type { ReviewDocument } from "../../review/document/document.js";
import { review } from "../../review/document/review.js";
import { listed, type Phrase, phrase } from "../../review/phrase.js";
import type { RuleFinding } from "../../review/rules/judge.js";
import { withBaseCopy } from "./base-copy.js";
import { describeHead, findBase } from "./base-revision.js";
import { judgePlans } from "./judge-plans.js";
import { judgePlatformFiles, platformSpecs } from "./judge-platform-files.js";
import { comparedPlans, judgedPlans } from "./pair-stacks.js";
import { platformChanges } from "./platform-changes.js";
import { programChanges } from "./program-changes.js";
import { type RecordedBoth, startRecorders } from "./record-both.js";
import type { RecordedStack } from "./recorded-revision.js";

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
  const [base, head] = await bothResults(findBase(checkout, args.base), describeHead(checkout));
  return await withBaseCopy(checkout, base, async (copy) => {
    const both = { ...args, baseRoot: copy.root };
    const { recorded, programFiles } = await startRecorders(both);
    // Meanwhile, this process reads data. Kustomize waits: a recorded program could serve it files from this machine.
    const [{ before, after, failure }, [specs, program]] = await bothResults(
      recorded.then(requireLoaded),
      bothResults(platformSpecs(checkout, args.stacks), programChanges(checkout, base.commit, programFiles)),
    );
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
    const judged = judgePlans(judgedPlans(before, after), both);
    const platform = await judgePlatformFiles({ ...both, specs });
    const findings = [...judged, ...platform.findings];
    const files = await platformChanges({ checkout, baseRoot: copy.root, plans, environment: process.env });
    return {
      document: review({
        base: base.name,
        head: head.name,
        stacks: plans,
        notes: [...notes, ...platform.notes, ...files.notes],
        program,
        findings,
        further: files.entries,
      }),
      findings,
    };
  });
}

/** @throws FleetError with the problems of the working tree's files */
function requireLoaded(both: RecordedBoth): RecordedBoth {
  const problems = both.after.recorded.flatMap((one) => ("problems" in one ? one.problems : []));
  if (problems.length > 0) throw new FleetError(problems.map(asProblem));
  return both;
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

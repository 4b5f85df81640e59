import { FleetError, fleetError } from "../../lib/diagnostics/problem.js";
import { review } from "../../review/document/review.js";
import { liveEntries } from "../../review/live/live-entries.js";
import { livePlans, liveSteps } from "../../review/live/live-plans.js";
import { programMessages } from "../../review/live/preview.js";
import { type Phrase, phrase } from "../../review/phrase.js";
import { loadStack } from "../load-stack.js";
import { describeHead } from "./base-revision.js";
import type { Comparison } from "./compare.js";
import { git } from "./git.js";
import { judgePlans } from "./judge-plans.js";
import { type PreviewArgs, previewRefresh, previewUpdate } from "./run-preview.js";

/** The arguments of a comparison with the real world. */
export interface CompareLiveArgs extends Omit<PreviewArgs, "root"> {
  /** Folder of the working tree. */
  readonly checkout: string;
  /** Whether each object is read from the cluster and from GitHub. Otherwise, the state says what exists. */
  readonly refresh: boolean;
  /** The day of the review, `2027-03-31`. */
  readonly today: string;
}

/**
 * Compares a stack with what its next update would register, from the engine's own preview. It writes nothing.
 * @throws FleetError with all problems of the stack's files
 * @throws JobError with the messages of the program or of the engine, if the preview fails
 */
export async function compareLive(args: CompareLiveArgs): Promise<Comparison> {
  const { checkout, stack, refresh, today } = args;
  const spec = await specOf(checkout, stack);
  const head = await headOf(checkout);
  const engine = { ...args, root: checkout };
  // One after the other: a preview that is refused needs no refresh, whose requests are many.
  const preview = await previewUpdate(engine);
  const live = { spec, preview, refreshed: refresh ? await previewRefresh(engine) : undefined };
  const steps = liveSteps(live);
  const plans = [livePlans(steps, live)];
  const findings = judgePlans(plans, { checkout, baseRoot: checkout, today });
  const notes: Phrase[] = [
    ...(head.dirty ? [["the working tree has changes that are not committed, and they are a part of this"]] : []),
    ...programMessages(preview, "info").map((sentence) => phrase`${sentence.replace(/\.$/, "")}`),
  ];
  const base = refresh ? "the cluster and GitHub" : "the state of the stack";
  const further = liveEntries(steps, live);
  return { document: review({ base, head: head.name, stacks: plans, notes, findings, further }), findings };
}

async function specOf(checkout: string, stack: string) {
  const { spec, problems, uncheckedKeys } = await loadStack(checkout, stack);
  if (problems.length > 0) throw new FleetError(problems);
  if (spec !== undefined) return spec;
  const message = `encrypted settings hide what is needed: ${uncheckedKeys.join(", ")}`;
  throw fleetError(`Pulumi.${stack}.yaml`, "", message, "Set them without --secret");
}

/** The working tree, which need not be a clone: the engine reads its files alone. */
async function headOf(checkout: string) {
  const { failed } = await git(checkout, ["rev-parse", "--verify", "--quiet", "HEAD"]);
  return failed ? { name: "working tree", dirty: false } : await describeHead(checkout);
}

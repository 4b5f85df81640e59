import { setTimeout as delay } from "node:timers/promises";
import { joinRecords, recordKey, recordOf } from "../../operate/retrofit/records.js";
import type { RetrofitStep, StepId } from "../../operate/retrofit/step.js";
import type { ApiClient } from "../cluster/api-client.js";
import { FindingsError } from "../exit-code.js";
import { JobError } from "../explain.js";
import { lookAgain, lookAtRetrofit, type RetrofitLook, type RetrofitStack } from "./look.js";
import { changeLine, gitText, obstacleLines } from "./output.js";
import { loadRecords, storeRecords } from "./records.js";
import { makeChange, readWritten, tryChanges } from "./write-change.js";

/** The steps that write on the cluster. */
export const writtenSteps = ["accounts", "syncs", "flags", "bindings"] as const satisfies readonly StepId[];
/** One of {@link writtenSteps}. */
export type WrittenStep = (typeof writtenSteps)[number];

/** The parts of a command that a step uses. */
export interface StepUse {
  readonly client: ApiClient;
  readonly stack: RetrofitStack;
  readonly out: (text: string) => void;
  /** Asks for consent. @throws JobError without it */
  readonly consent: (question: string) => Promise<void>;
  /** Milliseconds for Flux and Kubernetes to follow. */
  readonly waitMs: number;
}

/**
 * Makes one step, after a dry run of all its changes and a question. A step that was cut off goes on from where it was:
 * its changes are those that the cluster still lacks.
 * @throws JobError when it is refused, and FindingsError when changes belong into files, or Flux does not follow
 */
export async function applyStep(use: StepUse, id: WrittenStep): Promise<void> {
  const { client, stack, out } = use;
  const look = await lookAtRetrofit(client, stack);
  const step = mustFind(look, id);
  if (step.state === "done") return out(`${id} is done already: the cluster is as the step leaves it.\n`);
  requireOpen(look, step);
  for (const { object, message } of step.warnings) out(`warning: ${changeLine(object, message)}`);
  const direct = step.changes.filter(({ inGit }) => inGit === undefined);
  const inFiles = step.changes.filter(({ inGit }) => inGit !== undefined);
  if (direct.length > 0) {
    await tryChanges(client, direct);
    await use.consent(
      `${direct.map(({ object, detail }) => `  ${changeLine(object, detail)}`).join("")}Apply ${id} to ${stack.context}?`,
    );
    await write(use, id, direct);
    for (const { object, detail } of direct) out(changeLine(object, detail));
  }
  if (inFiles.length > 0) {
    out(gitText(inFiles));
    const count = inFiles.length === 1 ? "1 change belongs" : `${inFiles.length} changes belong`;
    throw new FindingsError(`${count} into files of Git, and Flux applies them from there. Then run the next step.`);
  }
  const left = await waitFor(use, look, id);
  if (left.state !== "done")
    throw new FindingsError(`${id} is made, but not done yet:\n${obstacleLines(left.obstacles).trimEnd()}`);
  out(`${id} is done.\n`);
}

function mustFind({ steps }: Pick<RetrofitLook, "steps">, id: StepId): RetrofitStep {
  const step = steps.find((one) => one.id === id);
  if (step === undefined) throw new Error(`the plan has no step ${id}`);
  return step;
}

/** @throws JobError with the reasons, for a step whose turn it is not, or that has obstacles */
function requireOpen({ steps }: RetrofitLook, step: RetrofitStep): void {
  if (step.state === "open") return;
  const index = steps.indexOf(step);
  const earlier = steps.slice(0, index).filter(({ state }) => state !== "done");
  // A step with obstacles of its own may be made again: its changes are what removes them.
  if (earlier.length === 0 && step.changes.length > 0) return;
  const lines = [
    ...earlier.map(({ id, title }) => `  ${id} is not done: ${title}`),
    ...obstacleLines([...earlier, step].flatMap(({ obstacles }) => obstacles)).split("\n"),
  ];
  throw new JobError([`${step.id} cannot be made now, so nothing was changed:`, ...lines].join("\n").trimEnd());
}

/** The way back is stored before each change, so that a run that is cut off leaves no change without one. */
async function write({ client }: StepUse, id: StepId, changes: RetrofitStep["changes"]): Promise<void> {
  const stored = await loadRecords(client);
  const kept = new Map(stored.records.map((one) => [recordKey(one), one]));
  for (const change of changes) {
    const record = recordOf(id, change, await readWritten(client, change));
    const former = kept.get(recordKey(record));
    // The object was there at an earlier run, because that run created it.
    const isOurs = former?.back.type === "delete" && record.back.type === "keep";
    kept.set(recordKey(record), isOurs ? former : joinRecords(former, record));
  }
  await storeRecords(client, stored, [...kept.values()]);
  for (const change of changes) await makeChange(client, change);
}

/** Milliseconds between two looks. */
const againMs = 2000;

async function waitFor({ client, stack, waitMs }: StepUse, { proof }: RetrofitLook, id: StepId): Promise<RetrofitStep> {
  const end = Date.now() + waitMs;
  for (;;) {
    const step = mustFind(await lookAgain(client, stack, { ...proof, isPredicted: false }), id);
    if (step.state === "done" || Date.now() >= end) return step;
    await delay(againMs);
  }
}

import { join } from "node:path";
import { makeDirectory } from "../lib/make-directory.js";
import { assemble, isComplete } from "./assemble.js";
import { buildMissing, unfinished } from "./build.js";
import { cacheError } from "./cache-error.js";
import { withLock } from "./lock.js";
import { type Plan, planToolchain, type Toolchain, type ToolchainOptions } from "./plan.js";
import { type BuildProgress, duration } from "./progress.js";
import { suppliedVariable } from "./supplied-parts.js";

export type { Toolchain, ToolchainOptions } from "./plan.js";
export type { BuildProgress } from "./progress.js";

/**
 * Answers the toolchain of this checkout with the parts that are asked for, building what the cache lacks: at most one
 * run builds on the machine. With everything cached it only looks.
 *
 * @throws ToolchainError naming the tool that is missing or the part that failed, and what to do
 */
export async function ensureToolchain(options: ToolchainOptions = {}): Promise<Toolchain> {
  const { onProgress = () => undefined } = options;
  const began = Date.now();
  const plan = await planToolchain(options);
  const total = plan.wanted.length;
  const tell = (phase: BuildProgress["phase"], message: string, done = 0) =>
    onProgress({ phase, message, done, total, elapsedSeconds: (Date.now() - began) / 1000 });
  for (const note of plan.notes) tell("supplied", note);
  try {
    if (!(await isComplete(plan))) await provide(plan, onProgress);
  } catch (error) {
    throw cacheError(error, plan.cache);
  }
  tell("ready", readyMessage(plan), total);
  return plan.toolchain;
}

/** Ends the wait for the lock: another run has built what this one asks for. */
class BuiltMeanwhile extends Error {}

/** Builds and assembles the wanted parts, under the lock: or without it, when another run has built them meanwhile. */
async function provide(plan: Plan, onProgress: (progress: BuildProgress) => void): Promise<void> {
  await makeDirectory(plan.cache);
  try {
    await withLock(
      join(plan.cache, "build"),
      async (seconds) => onProgress(await waiting(plan, seconds)),
      (signal) => buildMissing(plan, signal, onProgress),
    );
  } catch (error) {
    if (!(error instanceof BuiltMeanwhile)) throw error;
  }
  await assembleFinished(plan);
}

/** Assembles every part that is finished: a link costs nothing, and saves a later run the wait for the lock. */
async function assembleFinished(plan: Plan): Promise<void> {
  const missing = await unfinished(plan.parts);
  await assemble(
    plan,
    plan.parts.filter((part) => !missing.includes(part)),
  );
}

/** @throws BuiltMeanwhile when there is nothing to wait for any more */
async function waiting({ wanted }: Plan, seconds: number): Promise<BuildProgress> {
  const total = wanted.length;
  const done = total - (await unfinished(wanted)).length;
  if (done === total) throw new BuiltMeanwhile();
  const message = `Waiting for another run that builds the sandbox's parts: ${done} of ${total} there, ${duration(seconds)} so far.`;
  return { phase: "waiting", message, done, total, elapsedSeconds: seconds };
}

function readyMessage({ wanted }: Plan): string {
  const supplied = wanted.flatMap((part) => (part.supplied === undefined ? [] : [part.recipe.name]));
  const from =
    supplied.length === 0 ? "" : `, ${supplied.length} of them from ${suppliedVariable}: ${supplied.join(", ")}`;
  return `Real parts of the sandbox: all ${wanted.length} there${from}`;
}

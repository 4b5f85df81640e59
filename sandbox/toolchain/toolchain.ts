import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { assemble, isComplete } from "./assemble.js";
import { buildMissing, unfinished } from "./build.js";
import { withLock } from "./lock.js";
import { type Plan, planToolchain, type Toolchain, type ToolchainOptions } from "./plan.js";
import { type BuildProgress, duration } from "./progress.js";

export type { Toolchain, ToolchainOptions } from "./plan.js";
export type { BuildProgress } from "./progress.js";

/**
 * Answers the toolchain of this checkout, building what the cache lacks: at most one build at a time on the machine, one
 * part at a time in it. With everything cached it only looks.
 *
 * @throws ToolchainError naming the tool that is missing or the part that failed, and what to do
 */
export async function ensureToolchain(options: ToolchainOptions = {}): Promise<Toolchain> {
  const { onProgress = () => undefined } = options;
  const began = Date.now();
  const plan = await planToolchain(options);
  if (!(await isComplete(plan))) {
    await mkdir(plan.cache, { recursive: true });
    await withLock(
      join(plan.cache, "build"),
      async (seconds) => onProgress(await waiting(plan, seconds)),
      async (signal) => {
        await buildMissing(plan, signal, onProgress);
        await assemble(plan);
      },
    );
  }
  const total = plan.parts.length;
  const message = `All ${total} real parts of the sandbox are there.`;
  onProgress({ phase: "ready", message, done: total, total, elapsedSeconds: (Date.now() - began) / 1000 });
  return plan.toolchain;
}

async function waiting({ parts }: Plan, seconds: number): Promise<BuildProgress> {
  const total = parts.length;
  const done = total - (await unfinished(parts)).length;
  const message = `Waiting for another run that builds the sandbox's parts: ${done} of ${total} there, ${duration(seconds)} so far.`;
  return { phase: "waiting", message, done, total, elapsedSeconds: seconds };
}

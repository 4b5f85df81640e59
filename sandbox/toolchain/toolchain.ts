import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { assemble, isComplete } from "./assemble.js";
import { buildMissing, unfinished } from "./build.js";
import { fileSize } from "./cache.js";
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

/** A toolchain as it is in the cache, whole or not. */
export interface ToolchainDescription {
  readonly toolchain: Toolchain;
  /** Directory of everything cached, for all checkouts. */
  readonly cache: string;
  /** Whether nothing needs to be built. */
  readonly complete: boolean;
  readonly parts: readonly PartDescription[];
}

export interface PartDescription {
  readonly name: string;
  readonly version: string;
  /** Path of the result, relative to the toolchain's directory. */
  readonly output: string;
  /** Size of the result; `undefined` when it is not built yet. */
  readonly bytes: number | undefined;
}

/** Says what of this checkout's toolchain exists; builds nothing. @throws ToolchainError when go or git is missing */
export async function describeToolchain(options: ToolchainOptions = {}): Promise<ToolchainDescription> {
  const plan = await planToolchain(options);
  const parts = plan.parts.map(async ({ recipe: { name, version, output }, file }) => {
    const bytes = (await fileSize(join(plan.toolchain.dir, output))) ?? (await fileSize(file));
    return { name, version, output, bytes };
  });
  return {
    toolchain: plan.toolchain,
    cache: plan.cache,
    complete: await isComplete(plan),
    parts: await Promise.all(parts),
  };
}

async function waiting({ parts }: Plan, seconds: number): Promise<BuildProgress> {
  const total = parts.length;
  const done = total - (await unfinished(parts)).length;
  const message = `Waiting for another run that builds the sandbox's parts: ${done} of ${total} there, ${duration(seconds)} so far.`;
  return { phase: "waiting", message, done, total, elapsedSeconds: seconds };
}

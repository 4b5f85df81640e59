import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { flush } from "./assemble.js";
import { buildFluxManifests } from "./build-flux-manifests.js";
import { type BuildContext, buildGo } from "./build-go.js";
import { fileSize, readIfPresent } from "./cache.js";
import { ToolchainError } from "./error.js";
import type { Part } from "./part.js";
import type { Plan } from "./plan.js";
import { type BuildProgress, downloadNote, duration, planMessage } from "./progress.js";

/**
 * Builds what is missing, one part after the other: linking the largest takes gigabytes of memory. A finished part stays
 * whatever happens to the next, so an interrupted build goes on where it was. To be called under the lock.
 *
 * @throws ToolchainError naming the part that failed
 */
export async function buildMissing(
  plan: Plan,
  signal: AbortSignal,
  onProgress: (progress: BuildProgress) => void,
): Promise<void> {
  const began = Date.now();
  const elapsed = () => (Date.now() - began) / 1000;
  await removeUnfinished(plan);
  const missing = await unfinished(plan.parts);
  const total = missing.length;
  if (total > 0) {
    const seconds = missing.reduce((sum, { recipe }) => sum + recipe.coldSeconds, 0);
    onProgress({ phase: "plan", message: planMessage(total, seconds), done: 0, total, elapsedSeconds: 0 });
  }
  for (const [done, part] of missing.entries()) {
    const { name, version } = part.recipe;
    const partBegan = elapsed();
    const tell = (phase: BuildProgress["phase"], finished: number, text: string) => {
      const message = `[${done + 1}/${total}] ${name} ${version}: ${text}`;
      onProgress({ phase, message, part: name, done: finished, total, elapsedSeconds: elapsed() });
    };
    tell("start", done, `building; ${duration(elapsed())} so far`);
    let last = { line: "", at: 0 };
    const ticking = setInterval(() => {
      const download = downloadNote(last.line, elapsed() - last.at);
      tell("tick", done, `building since ${duration(elapsed() - partBegan)}${download}`);
    }, 1000);
    try {
      await buildPart(plan, part, signal, (line) => {
        last = { line, at: elapsed() };
      });
    } finally {
      clearInterval(ticking);
    }
    tell("built", done + 1, `built in ${duration(elapsed() - partBegan)}`);
  }
}

/** The parts that the cache does not have, or not as they were built. */
export async function unfinished(parts: readonly Part[]): Promise<readonly Part[]> {
  const finished = await Promise.all(
    parts.map(async ({ dir, file }) => {
      const record = await readIfPresent(join(dir, recordFile));
      return record !== undefined && (JSON.parse(record) as PartRecord).bytes === (await fileSize(file));
    }),
  );
  return parts.filter((_, index) => !finished[index]);
}

/** Beside every result: how large it was when it was built, so that a damaged one is noticed and built again. */
const recordFile = "part.json";

interface PartRecord {
  readonly key: string;
  readonly bytes: number;
}

/** Builds one part beside its place and moves it there whole, so that what has the final name is always finished. */
async function buildPart(plan: Plan, part: Part, signal: AbortSignal, onLine: (line: string) => void): Promise<void> {
  const workplace = join(plan.cache, "parts", `${unfinishedPrefix}${part.recipe.name}-${process.pid}`);
  const out = join(workplace, "out");
  const scratch = join(workplace, "scratch");
  await mkdir(out, { recursive: true });
  await mkdir(scratch, { recursive: true });
  try {
    const before = new Map(plan.parts.map((other) => [other.recipe.name, other] as const));
    const context: BuildContext = { go: plan.go, source: plan.source, before, out, scratch, signal, onLine };
    await (part.recipe.kind === "go" ? buildGo(part.recipe, context) : buildFluxManifests(part.recipe, context));
    const record: PartRecord = { key: part.key, bytes: await resultSize(out, part) };
    await writeFile(join(out, recordFile), JSON.stringify(record));
    for (const entry of await readdir(out, { withFileTypes: true })) {
      if (entry.isFile()) {
        await flush(join(out, entry.name));
      }
    }
    await rm(part.dir, { recursive: true, force: true });
    await rename(out, part.dir);
  } finally {
    await rm(workplace, { recursive: true, force: true });
  }
}

async function resultSize(out: string, { recipe }: Part): Promise<number> {
  const size = await fileSize(join(out, basename(recipe.output)));
  if (size === undefined) {
    const what = `building ${recipe.name} ${recipe.version} ended well, but left no ${basename(recipe.output)}`;
    throw new ToolchainError(recipe.name, what, "correct its recipe in sandbox/toolchain/recipes.ts.");
  }
  return size;
}

const unfinishedPrefix = ".building-";

/** Removes what a killed run left half done; only safe under the lock. */
async function removeUnfinished({ cache }: Plan): Promise<void> {
  const parts = join(cache, "parts");
  await mkdir(parts, { recursive: true });
  for (const name of await readdir(parts)) {
    if (name.startsWith(unfinishedPrefix)) {
      await rm(join(parts, name), { recursive: true, force: true });
    }
  }
}

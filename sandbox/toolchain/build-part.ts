import { chmod, copyFile, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { flush } from "./assemble.js";
import { buildChart } from "./build-chart.js";
import { buildFluxManifests } from "./build-flux-manifests.js";
import { type BuildContext, buildGo } from "./build-go.js";
import type { BuildLog } from "./build-log.js";
import { fileSize } from "./cache.js";
import { ToolchainError } from "./error.js";
import { verbose } from "./go.js";
import type { Part, Supplied } from "./part.js";
import { digestOf, fingerprint, type PartRecord, recordFile } from "./part-record.js";
import type { Plan } from "./plan.js";

const unfinishedPrefix = ".building-";

/**
 * Builds one part beside its place and moves it there whole, so that what has the final name is always finished.
 * @throws ToolchainError naming the part
 */
export async function buildPart(plan: Plan, part: Part, signal: AbortSignal, log: BuildLog): Promise<void> {
  const began = Date.now();
  const workplace = join(plan.cache, "parts", `${unfinishedPrefix}${part.recipe.name}-${process.pid}`);
  const out = join(workplace, "out");
  const scratch = join(workplace, "scratch");
  await mkdir(out, { recursive: true });
  await mkdir(scratch, { recursive: true });
  try {
    if (part.supplied === undefined) {
      const before = new Map(plan.parts.map((other) => [other.recipe.name, other] as const));
      const onLine = (line: string) => log.take(line);
      const context = { go: verbose(plan.go), source: plan.source, before, out, scratch, signal, onLine };
      await build(part, context);
    } else {
      await copy(part, part.supplied, out);
    }
    const result = await resultOf(out, part);
    const seconds = Math.round((Date.now() - began) / 1000);
    const record: PartRecord = { key: part.key, ...(await fingerprint(result)), seconds, packages: log.packages };
    await writeFile(join(out, recordFile), JSON.stringify(record));
    for (const entry of await readdir(out, { withFileTypes: true })) {
      if (entry.isFile()) await flush(join(out, entry.name));
    }
    await rm(part.dir, { recursive: true, force: true });
    await rename(out, part.dir);
  } finally {
    await rm(workplace, { recursive: true, force: true });
  }
}

function build({ recipe }: Part, context: BuildContext): Promise<void> {
  if (recipe.kind === "chart") return buildChart(recipe, context);
  return recipe.kind === "go" ? buildGo(recipe, context) : buildFluxManifests(recipe, context);
}

/** Copies a program of this machine: what its owner puts in its place later is another program. */
async function copy({ recipe, file }: Part, { file: from, digest }: Supplied, out: string): Promise<void> {
  const to = join(out, basename(file));
  await copyFile(from, to);
  await chmod(to, 0o755);
  if ((await digestOf(to)) === digest) return;
  throw new ToolchainError(recipe.name, `${from} was changed while it was copied`, "run the same command again.");
}

async function resultOf(out: string, { recipe }: Part): Promise<string> {
  const path = join(out, basename(recipe.output));
  if ((await fileSize(path)) === undefined) {
    const what = `building ${recipe.name} ${recipe.version} ended well, but left no ${basename(recipe.output)}`;
    throw new ToolchainError(recipe.name, what, "correct its recipe in sandbox/toolchain/recipes.ts.");
  }
  return path;
}

/** Removes what a killed run left half done; only safe under the lock. */
export async function removeUnfinished({ cache }: Plan): Promise<void> {
  const parts = join(cache, "parts");
  await mkdir(parts, { recursive: true });
  for (const name of await readdir(parts)) {
    if (name.startsWith(unfinishedPrefix)) await rm(join(parts, name), { recursive: true, force: true });
  }
}

import { link, mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileSize, readIfPresent } from "./cache.js";
import type { Plan } from "./plan.js";

/** Written last: the size of every output, by which a later run sees at once that all are there and whole. */
const summaryFile = "toolchain.json";

interface Summary {
  readonly key: string;
  /** By output path. */
  readonly bytes: Readonly<Record<string, number>>;
}

/** Whether every output is where it belongs, as large as it was when it was put there. */
export async function isComplete({ parts, toolchain: { key, dir } }: Plan): Promise<boolean> {
  const text = await readIfPresent(join(dir, summaryFile));
  if (text === undefined) {
    return false;
  }
  const summary = JSON.parse(text) as Summary;
  const same = parts.map(
    async ({ recipe: { output } }) => (await fileSize(join(dir, output))) === summary.bytes[output],
  );
  return summary.key === key && (await Promise.all(same)).every(Boolean);
}

/**
 * Puts finished parts together. The toolchain's directory holds hard links to the parts, so toolchains that have a part
 * in common share its space, and one whose part was damaged gets a new link.
 */
export async function assemble({ parts, toolchain: { key, dir } }: Plan): Promise<void> {
  const bytes: Record<string, number> = {};
  for (const { recipe, file } of parts) {
    const target = join(dir, recipe.output);
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { force: true });
    await link(file, target);
    bytes[recipe.output] = (await fileSize(target)) ?? 0;
  }
  const summary: Summary = { key, bytes };
  const path = join(dir, summaryFile);
  await writeFile(`${path}.new`, `${JSON.stringify(summary, undefined, 2)}\n`);
  await flush(`${path}.new`);
  await rename(`${path}.new`, path);
}

/** Puts a file on the disk before it gets its name: a power cut must not leave an empty one under it. */
export async function flush(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

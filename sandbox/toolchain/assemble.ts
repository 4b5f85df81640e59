import { randomUUID } from "node:crypto";
import { link, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Part } from "./part.js";
import { isWhole, readRecord } from "./part-record.js";
import type { Plan } from "./plan.js";

/** Whether every part that the plan asks for is in the toolchain's directory, as it was when it was finished. */
export async function isComplete({ wanted, toolchain: { dir } }: Plan): Promise<boolean> {
  const there = wanted.map(async (part) => {
    const record = await readRecord(part);
    return record !== undefined && (await isWhole(join(dir, part.recipe.output), record));
  });
  return (await Promise.all(there)).every(Boolean);
}

/**
 * Puts finished parts together. The toolchain's directory holds hard links to the parts, so toolchains that have a part
 * in common share its space, and one whose part was damaged gets a new link. Each link replaces the one before at once:
 * another run may use it.
 */
export async function assemble({ toolchain: { dir } }: Plan, parts: readonly Part[]): Promise<void> {
  for (const { recipe, file } of parts) {
    const target = join(dir, recipe.output);
    const fresh = `${target}.${randomUUID()}.new`;
    await mkdir(dirname(target), { recursive: true });
    await link(file, fresh);
    await rename(fresh, target);
    // A link to the same file replaces nothing, and is still there.
    await rm(fresh, { force: true });
  }
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

import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { allProcesses, type ProcessEntry } from "../process/process-tree.js";
import type { StatePaths } from "../state/state-directory.js";

/** Holder of a stack's lock, as the engine writes it (pkg/backend/diy/lock.go): each engine has a file of its own. */
const lockSchema = z.object({ pid: z.number(), hostname: z.string(), timestamp: z.string() });

/**
 * Removes the locks of a stack whose engine was killed: it could not remove them itself, and they would block every
 * later update of the stack. Locks of another machine, and of an engine that still runs, stay.
 * @returns how many were removed
 */
export async function removeStaleLocks(paths: StatePaths, stack: string): Promise<number> {
  const directory = join(paths.pulumiBackend, ".pulumi", "locks", "organization", "fleet", stack);
  if (!existsSync(directory)) return 0;
  const files = (await readdir(directory))
    .filter((file) => file.endsWith(".json"))
    .map((file) => join(directory, file));
  if (files.length === 0) return 0;
  const processes = await allProcesses();
  let removed = 0;
  for (const file of files) {
    if (!(await isStale(file, processes))) continue;
    await rm(file, { force: true });
    removed += 1;
  }
  return removed;
}

async function isStale(file: string, processes: readonly ProcessEntry[]): Promise<boolean> {
  const lock = lockSchema.safeParse(await contentOf(file));
  // Not what the engine of this version writes: it is for a person to judge.
  if (!lock.success || lock.data.hostname !== hostname()) return false;
  // The number may be another program's by now.
  return !processes.some(({ pid, name }) => pid === lock.data.pid && name.includes("pulumi"));
}

async function contentOf(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    // The engine that held it has ended meanwhile, or writes it at this moment.
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

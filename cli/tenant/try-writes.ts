import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { problemLine } from "../../lib/diagnostics/problem.js";
import { copyStacks } from "../copy-stacks.js";
import { JobError } from "../explain.js";
import { loadStack } from "../load-stack.js";
import { findStacks } from "../stacks.js";
import type { Write } from "../write-journal.js";

/**
 * Loads every stack as it would be after changes, removals included. The checkout stays as it is.
 * @throws JobError with all problems that they would have
 */
export async function requireSoundAfter(root: string, writes: readonly Write[]): Promise<void> {
  const copy = await mkdtemp(join(tmpdir(), "fleet-try-"));
  try {
    await copyStacks(root, copy);
    for (const { file, after } of writes) {
      await mkdir(dirname(join(copy, file)), { recursive: true });
      await (after === null ? rm(join(copy, file)) : writeFile(join(copy, file), after));
    }
    const problems = new Set<string>();
    for (const stack of await findStacks(copy)) {
      for (const problem of (await loadStack(copy, stack)).problems) problems.add(problemLine(problem));
    }
    if (problems.size === 0) return;
    throw new JobError(["The files would have these problems, so nothing was changed:", ...problems].join("\n"));
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

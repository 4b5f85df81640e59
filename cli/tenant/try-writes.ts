import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { problemLine } from "../../lib/diagnostics/problem.js";
import { JobError } from "../explain.js";
import { loadStack } from "../load-stack.js";
import { findStacks } from "../stacks.js";
import type { Write } from "../write-journal.js";

/** The entries of a checkout that stacks consist of. */
const entriesOfStacks = /^(stacks|fleet|flux\.lock\.json|Pulumi\..+\.yaml)$/;

/**
 * Loads every stack as it would be after changes, removals included. The checkout stays as it is.
 * @throws JobError with all problems that they would have
 */
export async function requireSoundAfter(root: string, writes: readonly Write[]): Promise<void> {
  const copy = await mkdtemp(join(tmpdir(), "fleet-try-"));
  try {
    for (const entry of (await readdir(root)).filter((name) => entriesOfStacks.test(name))) {
      await cp(join(root, entry), join(copy, entry), { recursive: true, verbatimSymlinks: true });
    }
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

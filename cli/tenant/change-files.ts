import { lstatSync } from "node:fs";
import { join } from "node:path";
import { FleetError, type Problem, problemLine } from "../../lib/diagnostics/problem.js";
import { JobError } from "../explain.js";
import type { Edit } from "../new-stack/plan.js";
import type { Files } from "../new-stack/platform-files.js";
import { loadWith } from "../new-stack/try-out.js";
import { findStacks } from "../stacks.js";

/** The files that a command about a tenant changes. */
export interface FileChanges {
  readonly created?: Files;
  readonly edited?: readonly Edit[];
}

/**
 * Refuses to write over a file.
 * @throws FleetError with every file that exists
 */
export function requireAbsent(root: string, files: Files): void {
  const problems = Object.keys(files)
    .filter((file) => lstatSync(join(root, file), { throwIfNoEntry: false }) !== undefined)
    .map((file): Problem => {
      const fix = "Edit it, or choose another name";
      return { file, path: "", message: "exists already, so it is not written over", fix };
    });
  if (problems.length > 0) throw new FleetError(problems);
}

/**
 * Loads every stack as it would be with the changes.
 * @returns the stacks, each as it would be
 * @throws JobError with all problems that they would have
 */
export async function requireSound(root: string, { created, edited = [] }: FileChanges) {
  const files = { ...created, ...Object.fromEntries(edited.map(({ file, after }) => [file, after])) };
  const loaded = [];
  for (const stack of await findStacks(root)) loaded.push({ stack, ...(await loadWith(root, stack, files)) });
  const problems = new Set(loaded.flatMap((one) => one.problems.map(problemLine)));
  if (problems.size === 0) return loaded;
  throw new JobError(["The files would have these problems, so nothing was changed:", ...problems].join("\n"));
}

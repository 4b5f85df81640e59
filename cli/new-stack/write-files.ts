import { lstatSync } from "node:fs";
import { join } from "node:path";
import { FleetError, type Problem } from "../../lib/diagnostics/problem.js";
import { writeFiles } from "../write-journal.js";
import type { Edit } from "./plan.js";
import type { Files } from "./platform-files.js";

/**
 * Refuses to write over anything that exists: a file, or a folder that the new stack would share.
 * @param stack the new stack
 * @throws FleetError with every such file and folder
 */
export function requireFree(root: string, stack: string, files: Files): void {
  const taken = Object.keys(files).flatMap((file) => {
    return [ownFolder(file, stack) ?? file, file].filter((path) => exists(join(root, path)));
  });
  const problems = [...new Set(taken)].map(
    (file): Problem => ({
      file,
      path: "",
      message: `exists already, so the stack ${stack} is not written over it`,
      fix: "Remove it, or choose another name",
    }),
  );
  if (problems.length > 0) throw new FleetError(problems);
}

/** The folder of a file that is the stack's own. The first folder, and the second one of `fleet/`, are the layout's. */
function ownFolder(file: string, stack: string): string | undefined {
  const parts = file.split("/");
  const index = parts.indexOf(stack, parts[0] === "fleet" ? 2 : 1);
  return index < 0 ? undefined : parts.slice(0, index + 1).join("/");
}

/**
 * Writes new files, and edits others: all or none, also where the command is killed ({@link writeFiles}).
 * @throws Error of the file system
 */
export function writeAll(root: string, created: Files, edited: readonly Edit[]): void {
  const added = Object.entries(created).map(([file, after]) => ({ file, before: null, after }));
  writeFiles(root, [...added, ...edited]);
}

/** Whether a path has anything, be it a symbolic link without a target. */
function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

import { closeSync, ftruncateSync, lstatSync, mkdirSync, openSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { FleetError, type Problem } from "../../lib/diagnostics/problem.js";
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
 * Writes new files, and edits others. If one cannot be written, all that was written is taken back.
 * @throws Error of the file system
 */
export function writeAll(root: string, created: Files, edited: readonly Edit[]): void {
  const undo: (() => void)[] = [];
  try {
    for (const [file, text] of Object.entries(created)) {
      makeFolder(root, posix.dirname(file), undo);
      // A file that another program has written by now is an error, and stays.
      const descriptor = openSync(join(root, file), "wx");
      undo.push(() => rmSync(join(root, file)));
      writeAndClose(descriptor, text);
    }
    for (const { file, before, after } of edited) {
      const descriptor = openSync(join(root, file), "r+");
      undo.push(() => writeFileSync(join(root, file), before));
      ftruncateSync(descriptor);
      writeAndClose(descriptor, after);
    }
  } catch (error) {
    for (const step of undo.toReversed()) step();
    throw error;
  }
}

function writeAndClose(descriptor: number, text: string): void {
  try {
    writeFileSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}

/** Creates a folder and those around it, each to be removed again. */
function makeFolder(root: string, folder: string, undo: (() => void)[]): void {
  const path = join(root, folder);
  if (exists(path)) return;
  makeFolder(root, posix.dirname(folder), undo);
  mkdirSync(path);
  undo.push(() => rmdirSync(path));
}

/** Whether a path has anything, be it a symbolic link without a target. */
function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

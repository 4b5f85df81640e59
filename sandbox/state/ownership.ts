import { readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { makeDirectory } from "../lib/make-directory.js";
import { SandboxError } from "../lib/sandbox-error.js";
import type { StatePaths } from "./state-directory.js";

/** Name of the file that marks a folder as a sandbox's own, so that `down --purge` may delete the folder. */
export const markName = ".fleet-sandbox";

/**
 * - `marked`: a sandbox made it;
 * - `unmarked`: a sandbox of an older version made it, and it holds nothing else;
 * - `mixed`: the same, and it holds other files too;
 * - `foreign`: it holds other files only
 */
type Ownership = "missing" | "empty" | "marked" | "unmarked" | "mixed" | "foreign";

/**
 * Makes a state directory and marks it as the sandbox's own.
 * @throws SandboxError when the folder holds other files: they would be mixed with the sandbox's, and purged with them
 */
export async function claimStateDirectory(paths: StatePaths): Promise<void> {
  const { ownership, others } = await ownershipOf(paths);
  if (ownership === "foreign") throw foreign(paths, others);
  // A sandbox of an older version goes on beside other files, but a purge must not take them for its own.
  if (ownership === "marked" || ownership === "mixed") return;
  await makeDirectory(paths.directory, 0o700);
  const text =
    "The fleet sandbox made this folder. `npx fleet sandbox down --purge` deletes it with all that it holds.\n";
  await writeFile(join(paths.directory, markName), text, { mode: 0o600 });
}

/**
 * Whether a sandbox keeps its state in a folder.
 * @returns false when the folder is missing or empty
 * @throws SandboxError when it holds nothing but other files; with `purge` also when it holds other files too
 */
export async function hasSandbox(paths: StatePaths, { purge }: { readonly purge: boolean }): Promise<boolean> {
  const { ownership, others } = await ownershipOf(paths);
  if (ownership === "foreign") throw foreign(paths, others);
  if (ownership === "mixed" && purge) {
    throw new SandboxError(
      `${paths.directory} also holds files that are not the sandbox's, so it is not deleted: ${listed(others)}.`,
      "move them elsewhere, then run the same command again.",
    );
  }
  return ownership !== "missing" && ownership !== "empty";
}

/** Deletes a sandbox's folder. Does nothing to a folder that is not a sandbox's own. */
export async function deleteStateDirectory(paths: StatePaths): Promise<void> {
  const { ownership } = await ownershipOf(paths);
  if (ownership !== "marked" && ownership !== "unmarked") return;
  const target = await realpath(paths.directory);
  // The mark goes last: a deletion that is interrupted can be repeated.
  for (const entry of await readdir(target)) {
    if (entry !== markName) await rm(join(target, entry), { recursive: true, force: true });
  }
  await rm(target, { recursive: true, force: true });
  // The folder may have been a symbolic link.
  await rm(paths.directory, { recursive: true, force: true });
}

async function ownershipOf(paths: StatePaths): Promise<{ ownership: Ownership; others: readonly string[] }> {
  const entries = await entriesOf(paths.directory);
  if (entries === undefined) return { ownership: "missing", others: [] };
  if (entries.includes(markName)) return { ownership: "marked", others: [] };
  const lock = `${basename(paths.lock)}.lock`;
  const own = [paths.secrets, paths.daemons, paths.logs, paths.github, paths.environments, paths.bin, paths.pulumi];
  const names = [lock, ...own.map((path) => basename(path))];
  const others = entries.filter((entry) => !names.includes(entry));
  if (entries.every((entry) => entry === lock)) return { ownership: "empty", others };
  if (!(await hasEngineCommand(paths))) return { ownership: "foreign", others: entries };
  return { ownership: others.length === 0 ? "unmarked" : "mixed", others };
}

/** Whether a folder holds the `pulumi` command of a sandbox. Every start writes it (engine.ts). */
async function hasEngineCommand(paths: StatePaths): Promise<boolean> {
  const text = await ifPresent(readFile(join(paths.bin, "pulumi"), "utf8"));
  return text?.includes("\nFLEET_PULUMI=") ?? false;
}

function entriesOf(directory: string): Promise<string[] | undefined> {
  return ifPresent(readdir(directory));
}

async function ifPresent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function foreign(paths: StatePaths, others: readonly string[]): SandboxError {
  return new SandboxError(
    `${paths.directory} is not the folder of a sandbox: it holds ${listed(others)}. Nothing in it was changed.`,
    "let FLEET_SANDBOX_DIR name the sandbox's folder, or a new or empty folder for a new sandbox.",
  );
}

function listed(names: readonly string[]): string {
  const shown = [...names].sort().slice(0, 5);
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}

import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bothResults } from "../../lib/diagnostics/both-results.js";
import { type Phrase, phrase } from "../../review/phrase.js";
import type { BaseRevision } from "./base-revision.js";
import { gitOutput } from "./git.js";
import { RECORDER_ENTRY } from "./recorder-bundle.js";

/** The files of the base revision in a temporary folder. */
export interface BaseCopy {
  /** Folder that has `stacks/` and `fleet/`. */
  readonly root: string;
  /** How the copy differs from a checkout of the base. */
  readonly notes: readonly Phrase[];
}

/** The recorder. A base that is older gets it from the checkout, with the files that changed for it. */
const recorderFolders = ["review", "cli/diff"];
const recorderFiles = ["cli/load-stack.ts", "config/stack/stack-file.ts", "flux/hardened-objects.ts"];

/** Calls `use` with a copy of the base revision, and deletes the copy afterwards. */
export async function withBaseCopy<Result>(
  checkout: string,
  base: BaseRevision,
  use: (copy: BaseCopy) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "fleet-diff-"));
  try {
    const tree = join(folder, "tree");
    const [, submodules] = await bothResults(
      writeTree(checkout, base, { tree, index: join(folder, "index") }),
      submoduleNotes(checkout, base),
    );
    const root = join(tree, base.prefix);
    const notes = [...submodules, ...(await recorderNotes(checkout, root))];
    await symlink(join(checkout, "node_modules"), join(root, "node_modules"), "dir");
    return await use({ root, notes: [...notes, ...packageNotes(checkout, root)] });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Writes the files of a commit as a checkout would: with the line ends and filters of the clone, and with symbolic links.
 * Neither `git archive`, which leaves out files by their attributes, nor `git worktree`, which changes the clone.
 */
async function writeTree(
  checkout: string,
  { commit }: BaseRevision,
  { tree, index }: { readonly tree: string; readonly index: string },
): Promise<void> {
  await mkdir(tree);
  const args = ["-c", "core.sparseCheckout=false", `--work-tree=${tree}`, "read-tree", "--reset", "-u", commit];
  const gitFolder = await gitOutput(checkout, ["rev-parse", "--absolute-git-dir"]);
  await gitOutput(tree, [`--git-dir=${gitFolder}`, ...args], { GIT_INDEX_FILE: index });
}

async function submoduleNotes(checkout: string, { commit }: BaseRevision): Promise<Phrase[]> {
  const entries = await gitOutput(checkout, ["ls-tree", "-r", "-z", "--full-tree", commit]);
  const submodules = entries.split("\0").flatMap((entry) => /^160000 commit \S+\t(.*)$/s.exec(entry)?.[1] ?? []);
  return submodules.map((path) => phrase`the base has the submodule ${path}, whose files are not compared`);
}

async function recorderNotes(checkout: string, root: string): Promise<Phrase[]> {
  if (existsSync(join(root, RECORDER_ENTRY))) return [];
  for (const path of [...recorderFolders, ...recorderFiles]) {
    await cp(join(checkout, path), join(root, path), { recursive: true });
  }
  return [["the base is older than this command, so the recorder of the working tree runs the base's program"]];
}

/** The base's program runs with the packages of the working tree, because an installation needs minutes and a registry. */
function packageNotes(checkout: string, root: string): Phrase[] {
  const [ownLock, baseLock] = [lockText(checkout), lockText(root)];
  if (ownLock === baseLock) return [];
  const [own, base] = [packageVersions(ownLock), packageVersions(baseLock)];
  const names = [...new Set([...own.keys(), ...base.keys()])].sort();
  const changed = names.filter((name) => own.get(name) !== base.get(name));
  if (changed.length === 0) return [];
  const shown = changed.slice(0, 5).map((name) => `${name} ${base.get(name) ?? "none"} → ${own.get(name) ?? "none"}`);
  const more = changed.length > shown.length ? ` and ${changed.length - shown.length} more` : "";
  return [
    phrase`package-lock.json differs: ${shown.join(", ")}${[more]}; the base's program ran with the packages of the working tree, so differences that only packages make do not show`,
  ];
}

/** The text of package-lock.json. Undefined where there is none. */
function lockText(folder: string): string | undefined {
  const file = join(folder, "package-lock.json");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** The installed packages by their path in package-lock.json. */
function packageVersions(lock = "{}"): ReadonlyMap<string, string> {
  const { packages = {} } = JSON.parse(lock) as {
    readonly packages?: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
  };
  return new Map(
    Object.entries(packages).map(([path, { version = "", integrity = "" }]) => {
      // Only the start of the hash is for people, and a package of the same version may have another content.
      return [path, [version, integrity.slice(0, 20)].filter((part) => part !== "").join(" ")];
    }),
  );
}

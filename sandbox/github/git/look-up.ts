import type { BareRepository, TreeEntry } from "./bare-repository.js";
import { type Commit, commitOf } from "./commit.js";
import { readObjects, type StoredObject } from "./read-objects.js";

/** A path in a commit. */
export interface PathInCommit {
  readonly commit: Commit;
  /** The path's entry, if the commit has one. */
  readonly entry: TreeEntry | undefined;
  /** The bytes of a file. Undefined for anything else. */
  readonly content: Buffer | undefined;
  /** Entries of the folders above the path, from the root on, as far as the commit has them. */
  readonly above: readonly TreeEntry[];
}

/**
 * Reads a commit and a path in it with one process of Git.
 * @param revision branch, tag or (abbreviated) commit id
 * @param path from the root of the repository. The empty path is the root, which has no entry
 * @returns undefined where the repository has no such commit
 */
export async function lookUp(
  repository: BareRepository,
  revision: string,
  path: string,
): Promise<PathInCommit | undefined> {
  const name = `${revision}^{commit}`;
  const parts = path === "" ? [] : path.split("/");
  const paths = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  const [found, root, ...objects] = await readObjects(repository, [
    name,
    ...["", ...paths].map((below) => `${name}:${below}`),
  ]);
  if (found === undefined) return undefined;
  const folders = [root, ...objects];
  const entries = paths.map((below, index) => entryOf(below, folders[index], objects[index]));
  const content = objects.at(-1);
  return {
    commit: await commitOf(repository, found),
    entry: entries.at(-1),
    content: content?.type === "blob" ? content.content : undefined,
    above: entries.slice(0, -1).filter((entry) => entry !== undefined),
  };
}

/** The commit that a branch, tag or (abbreviated) commit id stands for. */
export async function findCommit(repository: BareRepository, revision: string): Promise<Commit | undefined> {
  const [found] = await readObjects(repository, [`${revision}^{commit}`]);
  return found && commitOf(repository, found);
}

/** The entry of a path, by the folder that holds it. A submodule's commit is in another repository. */
function entryOf(path: string, folder: StoredObject | undefined, object: StoredObject | undefined) {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const found = folder?.type === "tree" ? treeEntries(folder.content).get(name) : undefined;
  if (found === undefined) return undefined;
  const type = object?.type === "blob" || object?.type === "tree" ? object.type : "commit";
  return { ...found, type, size: object?.type === "blob" ? object.content.length : 0, path } satisfies TreeEntry;
}

/** Modes and ids of a tree's entries: `MODE NAME NUL ID` each, where the id has 20 bytes. */
function treeEntries(tree: Buffer): Map<string, { mode: string; sha: string }> {
  const entries = new Map<string, { mode: string; sha: string }>();
  for (let start = 0; start < tree.length; ) {
    const nameStart = tree.indexOf(" ", start) + 1;
    const nameEnd = tree.indexOf(0, nameStart);
    const mode = tree
      .subarray(start, nameStart - 1)
      .toString()
      .padStart(6, "0");
    const sha = tree.subarray(nameEnd + 1, nameEnd + 21).toString("hex");
    entries.set(tree.subarray(nameStart, nameEnd).toString(), { mode, sha });
    start = nameEnd + 21;
  }
  return entries;
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BareRepository } from "./bare-repository.js";
import type { Signature } from "./commit.js";
import { GitError } from "./git.js";

/** A change to one file: its new bytes, or its removal. */
export interface FileChange {
  readonly path: string;
  readonly content: Buffer | null;
  /** Mode of the file that it replaces. @default 100644 */
  readonly mode?: string | undefined;
}

/** Message and signatures of a new commit. */
export interface CommitDetails {
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
}

/** Another client moved the branch first. */
export class BranchMoved extends Error {
  constructor(branch: string) {
    super(`${branch} was moved by another client`);
    this.name = "BranchMoved";
  }
}

/**
 * Makes a commit that changes files, without moving any reference.
 * @param parent undefined makes a first commit
 */
export async function commitFiles(
  repository: BareRepository,
  parent: string | undefined,
  changes: readonly FileChange[],
  details: CommitDetails,
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "fleet-github-index-"));
  try {
    const env = { GIT_INDEX_FILE: join(directory, "index") };
    if (parent !== undefined) await repository.git(["read-tree", parent], { env });
    for (const { path, content, mode = "100644" } of changes) {
      if (content === null) {
        // Mode 0 removes; `--remove` would want a work tree.
        await repository.git(["update-index", "-z", "--index-info"], { env, input: `0 ${"0".repeat(40)}\t${path}\0` });
      } else {
        const sha = text(await repository.git(["hash-object", "-w", "--stdin"], { input: content }));
        await repository.git(["update-index", "--add", "-z", "--index-info"], {
          env,
          input: `${mode} ${sha}\t${path}\0`,
        });
      }
    }
    const tree = text(await repository.git(["write-tree"], { env }));
    return await commitTree(repository, tree, parent === undefined ? [] : [parent], details);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Makes a commit of a tree that is there already. */
export async function commitTree(
  repository: BareRepository,
  tree: string,
  parents: readonly string[],
  { message, author, committer }: CommitDetails,
): Promise<string> {
  const env = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: author.date,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    GIT_COMMITTER_DATE: committer.date,
  };
  const args = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent])];
  return text(await repository.git(args, { env, input: message }));
}

/**
 * Moves, creates or (with `after` null) deletes a reference, if it still is where the caller saw it.
 * @throws BranchMoved when it is not
 */
export async function updateRef(
  repository: BareRepository,
  ref: string,
  before: string | null,
  after: string | null,
): Promise<void> {
  const none = "0".repeat(40);
  const args = after === null ? ["-d", ref, before ?? none] : [ref, after, before ?? none];
  try {
    await repository.git(["update-ref", "--no-deref", ...args]);
  } catch (error) {
    if (error instanceof GitError && error.message.includes("cannot lock ref")) throw new BranchMoved(ref);
    throw error;
  }
}

/** Copies a tree with everything in it from one repository to another. */
export async function copyTree(from: BareRepository, to: BareRepository, tree: string): Promise<void> {
  const pack = await from.git(["pack-objects", "--revs", "--stdout", "--quiet"], { input: `${tree}\n` });
  await to.git(["index-pack", "--stdin", "--fix-thin"], { input: pack.stdout });
}

function text({ stdout }: { stdout: Buffer }): string {
  return stdout.toString().trim();
}

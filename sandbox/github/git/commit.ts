import type { BareRepository } from "./bare-repository.js";

/** The author of a change, and its time. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  /** ISO 8601. */
  readonly date: string;
}

/** A file that a commit changed, against its first parent. */
export interface ChangedFile {
  readonly path: string;
  readonly sha: string;
  readonly status: "added" | "removed" | "modified";
  readonly additions: number;
  readonly deletions: number;
}

/** A commit as Git has it. */
export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

const format = ["%H", "%T", "%P", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%B"].join("%x00");

/**
 * Reads commits, newest first.
 * @param selection what `git log` shall start from and be limited to
 */
export async function readCommits(repository: BareRepository, selection: readonly string[]): Promise<Commit[]> {
  // A message may hold any byte but NUL, so a NUL and one byte more end a record beyond doubt.
  const { stdout } = await repository.git(["log", `--format=${format}%x00%x01`, ...selection]);
  return stdout
    .toString()
    .split("\0\x01\n")
    .filter((record) => record !== "")
    .map(parseCommit);
}

function parseCommit(record: string): Commit {
  const [sha = "", tree = "", parents = "", an = "", ae = "", ad = "", cn = "", ce = "", cd = "", message = ""] =
    record.split("\0");
  return {
    sha,
    tree,
    parents: parents === "" ? [] : parents.split(" "),
    author: { name: an, email: ae, date: utc(ad) },
    committer: { name: cn, email: ce, date: utc(cd) },
    message: message.replace(/\n$/, ""),
  };
}

/** Reads one commit. */
export async function readCommit(repository: BareRepository, sha: string): Promise<Commit> {
  const [commit] = await readCommits(repository, ["--max-count=1", sha]);
  if (commit === undefined) throw new Error(`Commit ${sha} is not in ${repository.directory}.`);
  return commit;
}

/** The files that a commit changed, against its first parent. */
export async function changedFiles(repository: BareRepository, commit: Commit): Promise<ChangedFile[]> {
  const [parent] = commit.parents;
  const trees = parent === undefined ? ["--root", commit.sha] : [parent, commit.sha];
  const diff = ["diff-tree", "-r", "-z", "--no-renames", "--no-commit-id"];
  const [raw, numbers] = await Promise.all([
    repository.git([...diff, "--raw", "--no-abbrev", ...trees]),
    repository.git([...diff, "--numstat", ...trees]),
  ]);
  const counts = new Map<string, { additions: number; deletions: number }>();
  for (const line of fields(numbers.stdout)) {
    const [additions = "0", deletions = "0", path = ""] = line.split("\t");
    // A dash stands for a binary file.
    counts.set(path, { additions: Number(additions) || 0, deletions: Number(deletions) || 0 });
  }
  const files: ChangedFile[] = [];
  const parts = fields(raw.stdout);
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const [, , before = "", after = "", letter = ""] = (parts[index] ?? "").split(" ");
    const path = parts[index + 1] ?? "";
    const status = letter === "A" ? "added" : letter === "D" ? "removed" : "modified";
    files.push({
      path,
      sha: status === "removed" ? before : after,
      status,
      ...(counts.get(path) ?? { additions: 0, deletions: 0 }),
    });
  }
  return files;
}

function fields(output: Buffer): string[] {
  return output
    .toString()
    .split("\0")
    .filter((field) => field !== "");
}

/** GitHub answers in UTC and whole seconds. */
function utc(date: string): string {
  return new Date(date).toISOString().replace(/\.\d+Z$/, "Z");
}

import type { BareRepository } from "./bare-repository.js";
import type { StoredObject } from "./read-objects.js";

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

/** A commit by its object. */
export async function commitOf(repository: BareRepository, { sha, content }: StoredObject): Promise<Commit> {
  const text = content.toString();
  const end = text.indexOf("\n\n");
  const headers = text.slice(0, end === -1 ? undefined : end).split("\n");
  // Git itself converts a message that is not in UTF-8.
  if (headers.some((header) => header.startsWith("encoding "))) return readCommit(repository, sha);
  const values = (name: string): string[] =>
    headers.filter((header) => header.startsWith(`${name} `)).map((header) => header.slice(name.length + 1));
  const [tree = ""] = values("tree");
  const [author = ""] = values("author");
  const [committer = ""] = values("committer");
  const message = end === -1 ? "" : text.slice(end + 2).replace(/\n$/, "");
  return {
    sha,
    tree,
    parents: values("parent"),
    author: signatureOf(author),
    committer: signatureOf(committer),
    message,
  };
}

/** A signature as a commit has it: `NAME <EMAIL> SECONDS ZONE`. */
function signatureOf(line: string): Signature {
  const [, name = "", email = "", seconds = ""] = /^(.*?) ?<([^>]*)> (\d+) [+-]\d{4}$/.exec(line) ?? [];
  return { name, email, date: utc(Number(seconds) * 1000) };
}

/** The files that a commit changed, against its first parent. */
export async function changedFiles(repository: BareRepository, commit: Commit): Promise<ChangedFile[]> {
  const [parent] = commit.parents;
  const trees = parent === undefined ? ["--root", commit.sha] : [parent, commit.sha];
  const formats = ["--raw", "--no-abbrev", "--numstat"];
  const diff = ["diff-tree", "-r", "-z", "--no-renames", "--no-commit-id", ...formats, ...trees];
  const parts = fields((await repository.git(diff)).stdout);
  const files: Omit<ChangedFile, "additions" | "deletions">[] = [];
  let next = 0;
  // Two fields for each file, the first of which begins with a colon. Then the numbers, one field for each file.
  for (; parts[next]?.startsWith(":"); next += 2) files.push(changeOf(parts[next] ?? "", parts[next + 1] ?? ""));
  const counts = new Map(parts.slice(next).map(countsOf));
  return files.map((file) => ({ ...file, ...(counts.get(file.path) ?? { additions: 0, deletions: 0 }) }));
}

function changeOf(raw: string, path: string) {
  const [, , before = "", after = "", letter = ""] = raw.split(" ");
  const status = letter === "A" ? "added" : letter === "D" ? "removed" : "modified";
  return { path, sha: status === "removed" ? before : after, status } as const;
}

function countsOf(numbers: string): [string, { additions: number; deletions: number }] {
  const [additions = "0", deletions = "0", ...path] = numbers.split("\t");
  // A dash stands for a binary file.
  return [path.join("\t"), { additions: Number(additions) || 0, deletions: Number(deletions) || 0 }];
}

function fields(output: Buffer): string[] {
  return output
    .toString()
    .split("\0")
    .filter((field) => field !== "");
}

/** GitHub answers in UTC and whole seconds. */
function utc(date: string | number): string {
  return new Date(date).toISOString().replace(/\.\d+Z$/, "Z");
}

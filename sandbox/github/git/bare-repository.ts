import { type GitResult, git } from "./git.js";

/** One entry of a directory in a commit. */
export interface TreeEntry {
  readonly mode: string;
  readonly type: "blob" | "tree" | "commit";
  readonly sha: string;
  /** Bytes; 0 for directories. */
  readonly size: number;
  /** From the root of the repository. */
  readonly path: string;
}

/** A reference and the object it names. */
export interface Ref {
  /** In full: `refs/heads/main`. */
  readonly name: string;
  readonly sha: string;
  readonly type: string;
}

/** Reading from one bare repository; every answer comes from Git itself. */
export class BareRepository {
  readonly directory: string;
  readonly #env: Readonly<Record<string, string>>;

  /** @param env added to Git's environment: where a push keeps objects that are not accepted yet. @default nothing */
  constructor(directory: string, env: Readonly<Record<string, string>> = {}) {
    this.directory = directory;
    this.#env = env;
  }

  /** Runs Git in this repository. */
  git(
    args: readonly string[],
    options: { input?: string | Buffer; expect?: readonly number[]; env?: Record<string, string> } = {},
  ): Promise<GitResult> {
    return git(this.directory, args, { ...options, env: { ...this.#env, ...options.env } });
  }

  /** Creates it, empty. */
  async create(defaultBranch: string): Promise<void> {
    await this.git(["init", "--quiet", "--bare", "--template=", `--initial-branch=${defaultBranch}`, this.directory]);
  }

  /** The commit that a branch, tag or (abbreviated) commit id stands for. */
  async resolve(revision: string): Promise<string | undefined> {
    const name = `${revision}^{commit}`;
    const { code, stdout } = await this.git(["rev-parse", "--verify", "--quiet", "--end-of-options", name], {
      expect: [0, 1, 128],
    });
    return code === 0 ? stdout.toString().trim() : undefined;
  }

  /** The tip of a branch. */
  branch(name: string): Promise<string | undefined> {
    return this.resolve(`refs/heads/${name}`);
  }

  /** References whose full name is the prefix or begins with it at a slash. */
  async refs(...prefixes: string[]): Promise<Ref[]> {
    const format = "%(refname)%00%(objectname)%00%(objecttype)";
    const { stdout } = await this.git(["for-each-ref", `--format=${format}`, ...prefixes]);
    return lines(stdout).map((line) => {
      const [name = "", sha = "", type = ""] = line.split("\0");
      return { name, sha, type };
    });
  }

  /** The entries of a directory; the empty path is the root. */
  async directoryEntries(commit: string, path: string): Promise<TreeEntry[]> {
    return this.#entries([commit, ...(path === "" ? [] : ["--", `${path}/`])]);
  }

  /** All entries of a commit, folders and their content alike. */
  async allEntries(commit: string): Promise<TreeEntry[]> {
    return this.#entries(["-r", "-t", commit]);
  }

  /** The tree of a commit. */
  async treeOf(commit: string): Promise<string> {
    return (await this.git(["rev-parse", `${commit}^{tree}`])).stdout.toString().trim();
  }

  /** Whether everything in one commit's history is in another's. */
  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    const { code } = await this.git(["merge-base", "--is-ancestor", ancestor, descendant], { expect: [0, 1] });
    return code === 0;
  }

  /**
   * Commits of a branch that another tip lacks, newest first.
   * @param limit at most so many. @default all
   */
  async commitsBetween(before: string | null, after: string, limit?: number): Promise<string[]> {
    const bound = limit === undefined ? [] : [`--max-count=${limit}`];
    // Without an earlier tip everything is new that no other reference has.
    const exclude = before === null ? ["--not", "--all"] : ["--not", before];
    return lines((await this.git(["rev-list", ...bound, after, ...exclude])).stdout);
  }

  async #entries(args: readonly string[]): Promise<TreeEntry[]> {
    const { stdout } = await this.git(["ls-tree", "-z", "--long", ...args]);
    return stdout
      .toString()
      .split("\0")
      .filter((line) => line !== "")
      .map(treeEntry);
  }
}

function treeEntry(line: string): TreeEntry {
  const [meta = "", path = ""] = line.split("\t");
  const [mode = "", type, sha = "", size] = meta.split(/ +/);
  if (type !== "blob" && type !== "tree" && type !== "commit") throw new Error(`Git named an unknown entry: ${line}`);
  return { mode, type, sha, size: size === undefined || size === "-" ? 0 : Number(size), path };
}

function lines(output: Buffer): string[] {
  return output
    .toString()
    .split("\n")
    .filter((line) => line !== "");
}

import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";

/** The repository to clone, the credentials, and the folder. */
export interface CloneArgs {
  /** Name of a repository of the organisation, or a whole URL. */
  readonly repository: string;
  /** Variables of the sandbox: they hold git's credentials for the emulator. */
  readonly variables: Readonly<Record<string, string>>;
  /** An empty directory. */
  readonly directory: string;
}

/** A clone of a tenant's repository, as a developer of that tenant would work in it. */
export class GitClone {
  private constructor(
    readonly directory: string,
    private readonly variables: Readonly<Record<string, string>>,
  ) {}

  static async clone({ repository, variables, directory }: CloneArgs): Promise<GitClone> {
    const url = repository.includes(":")
      ? repository
      : `${variables.GITHUB_BASE_URL}${variables.GITHUB_OWNER}/${repository}.git`;
    const clone = new GitClone(directory, variables);
    await clone.git("clone", "--quiet", url, ".");
    return clone;
  }

  /** Runs git in the clone, as a made-up developer. @throws with git's own words */
  async git(...args: string[]): Promise<string> {
    const who = ["-c", "user.name=Dev Eloper", "-c", "user.email=dev@example.com"];
    const { stdout } = await execa("git", [...who, ...args], {
      cwd: this.directory,
      env: { ...this.variables, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" },
      stdin: "ignore",
    });
    return stdout;
  }

  /** Writes files, path → content; `undefined` deletes one. */
  async write(files: Readonly<Record<string, string | undefined>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.directory, path);
      if (content === undefined) {
        await rm(file);
      } else {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, content);
      }
    }
  }

  /**
   * Writes files and commits all that changed.
   * @returns the commit's id
   */
  async commit(message: string, files: Readonly<Record<string, string | undefined>> = {}): Promise<string> {
    await this.write(files);
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--message", message);
    return this.git("rev-parse", "HEAD");
  }

  /** Pushes the branch that is checked out. @throws with what the server said, when it refuses */
  async push(...options: string[]): Promise<void> {
    await this.git("push", "--quiet", ...options, "origin", "HEAD");
  }

  /** Commits and pushes. @returns the commit's id */
  async commitAndPush(message: string, files: Readonly<Record<string, string | undefined>>): Promise<string> {
    const commit = await this.commit(message, files);
    await this.push();
    return commit;
  }
}

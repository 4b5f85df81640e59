import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { git, gitEnvironment } from "../../github/git/git.js";
import { generateKeyPair } from "../../github/transport/key-pair.js";
import { at, owner, type TestGitHub, testGitHub, token } from "./github.js";

/** How a program ended. */
export interface Ended {
  readonly code: number;
  /** Standard output and error together. */
  readonly output: string;
}

/** Someone with Git, OpenSSH and a directory, apart from the emulator's own. */
export class GitClient {
  readonly dir: string;
  readonly #test: TestGitHub;

  private constructor(test: TestGitHub, dir: string) {
    this.#test = test;
    this.dir = dir;
  }

  /** A client that trusts exactly the host keys that the emulator's meta endpoint names. */
  static async create(test: TestGitHub): Promise<GitClient> {
    const client = new GitClient(test, await mkdtemp(join(tmpdir(), "fleet-git-client-")));
    await client.trustEmulator();
    return client;
  }

  /** Makes those of the meta endpoint the only host keys that are accepted. */
  async trustEmulator(): Promise<void> {
    const { body } = await this.#test.expect(200, "GET", "/meta");
    await this.trust(at(body, "ssh_keys") as string[]);
  }

  /** Makes these the only host keys that are accepted. */
  async trust(keys: readonly string[]): Promise<void> {
    const lines = keys.map((key) => `[127.0.0.1]:${this.#test.github.sshPort} ${key}\n`);
    await writeFile(join(this.dir, "known_hosts"), lines.join(""));
  }

  /** Makes a key pair: the public half as text, the private half in a file. */
  async key(type: "ed25519" | "ecdsa" | "rsa" = "ed25519"): Promise<{ publicKey: string; file: string }> {
    const pair = generateKeyPair(type);
    const file = join(this.dir, `key-${randomUUID()}`);
    await writeFile(file, pair.private, { mode: 0o600 });
    return { publicKey: pair.public, file };
  }

  /** Makes a key pair and lets it open a repository. */
  async deployKey(
    repository: string,
    readOnly: boolean,
    type?: "ed25519" | "ecdsa" | "rsa",
  ): Promise<{ id: unknown; file: string }> {
    const { publicKey, file } = await this.key(type);
    const body = { title: "test", key: publicKey, read_only: readOnly };
    const answer = await this.#test.expect(201, "POST", `/repos/${owner}/${repository}/keys`, body);
    return { id: at(answer.body, "id"), file };
  }

  /** A repository's SSH address. */
  ssh(repository: string): string {
    return `ssh://git@127.0.0.1:${this.#test.github.sshPort}/${owner}/${repository}.git`;
  }

  /** A repository's HTTP address, with credentials. */
  http(repository: string, credentials = `x-access-token:${token}@`): string {
    return `http://${credentials}127.0.0.1:${this.#test.github.port}/${owner}/${repository}.git`;
  }

  /** Runs Git. @param key file of the private key that SSH shall use */
  git(
    args: readonly string[],
    options: { key?: string; cwd?: string; env?: Record<string, string> } = {},
  ): Promise<Ended> {
    return run("git", args, { cwd: options.cwd ?? this.dir, env: { ...this.#env(options.key), ...options.env } });
  }

  /** Runs ssh itself. */
  sshCommand(key: string, ...command: string[]): Promise<Ended> {
    const [, ...args] = this.#ssh(key);
    return run("ssh", [...args, "-p", String(this.#test.github.sshPort), "git@127.0.0.1", ...command], {
      cwd: this.dir,
    });
  }

  /** Starts ssh and keeps its input open, as a client does that thinks about what it wants. */
  hold(key: string, command: string): { speaking: Promise<unknown>; ended: Promise<{ code: number | null }> } {
    const [, ...args] = this.#ssh(key);
    const child = spawn("ssh", [...args, "-p", String(this.#test.github.sshPort), "git@127.0.0.1", command]);
    const speaking = new Promise((resolve) => child.stdout.once("data", resolve));
    child.stdout.resume();
    return { speaking, ended: new Promise((resolve) => child.on("close", (code) => resolve({ code }))) };
  }

  /** Clones into a new directory. @throws when it fails */
  async clone(url: string, key?: string): Promise<string> {
    const cwd = join(this.dir, randomUUID());
    await mkdir(cwd);
    await this.must(["clone", "--quiet", url, "."], { cwd, ...(key === undefined ? {} : { key }) });
    return cwd;
  }

  /** Commits a file with these bytes in a clone. */
  async commit(cwd: string, path: string, content: string | Buffer): Promise<void> {
    await writeFile(join(cwd, path), content);
    await this.must(["add", "."], { cwd });
    await this.must(["commit", "--quiet", "--message", `change ${path}`], { cwd });
  }

  /** Runs Git. @throws when it fails */
  async must(args: readonly string[], options: { key?: string; cwd?: string } = {}): Promise<string> {
    const { code, output } = await this.git(args, options);
    if (code !== 0) throw new Error(`git ${args.join(" ")}: ${output}`);
    return output.trim();
  }

  /** Makes a tree of these lines, as `git ls-tree` prints them, whatever Git thinks of its names. */
  async tree(cwd: string, lines: string): Promise<string> {
    const { stdout } = await git(join(cwd, ".git"), ["mktree"], { input: lines });
    return stdout.toString().trim();
  }

  /** Removes its directory. */
  async remove(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }

  #env(key: string | undefined): Record<string, string> {
    const person = { GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@example.com" };
    const committer = { GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "ada@example.com" };
    return { ...person, ...committer, ...(key === undefined ? {} : { GIT_SSH_COMMAND: this.#ssh(key).join(" ") }) };
  }

  #ssh(key: string): string[] {
    const known = join(this.dir, "known_hosts");
    const options = [
      "IdentitiesOnly=yes",
      "IdentityAgent=none",
      "StrictHostKeyChecking=yes",
      `UserKnownHostsFile=${known}`,
      "BatchMode=yes",
      "LogLevel=ERROR",
    ];
    return ["ssh", "-F", "/dev/null", "-i", key, ...options.flatMap((option) => ["-o", option])];
  }
}

function run(
  file: string,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: gitEnvironment(options.env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 128, output }));
  });
}

/** Starts an emulator, and makes a client of it. */
export async function gitHubAndClient(): Promise<{ readonly test: TestGitHub; readonly client: GitClient }> {
  const test = await testGitHub();
  return { test, client: await GitClient.create(test) };
}

import { spawn } from "node:child_process";

/** Git ended with another exit status than the caller expects. */
export class GitError extends Error {
  readonly code: number | null;
  constructor(args: readonly string[], code: number | null, stderr: string) {
    super(`git ${args.join(" ")} ended with ${code ?? "a signal"}: ${stderr.trim() || "no message"}`);
    this.name = "GitError";
    this.code = code;
  }
}

/**
 * The environment of every Git process: what this process has, without variables that would point Git at another
 * repository (a Git hook or CI may set them), and without the settings of the person who runs the emulator.
 */
export function gitEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  return {
    ...Object.fromEntries(inherited),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
    ...extra,
  };
}

/** How to run Git once. */
export interface GitOptions {
  /** Given on standard input. @default nothing */
  readonly input?: string | Buffer;
  /** Added to the environment. @default nothing */
  readonly env?: Readonly<Record<string, string>>;
  /** Exit statuses that are answers and not failures. @default [0] */
  readonly expect?: readonly number[];
}

/** The result of a Git command. */
export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
}

/**
 * Runs Git in a bare repository and collects its output.
 * @throws GitError with Git's own words when it ends with an unexpected status
 */
export function git(directory: string, args: readonly string[], options: GitOptions = {}): Promise<GitResult> {
  const { input, env, expect = [0] } = options;
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["--git-dir", directory, "--literal-pathspecs", ...args], { env: gitEnvironment(env) });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== null && expect.includes(code)) resolve({ code, stdout: Buffer.concat(stdout) });
      else reject(new GitError(args, code, Buffer.concat(stderr).toString()));
    });
    // Git may end before it has read everything; its exit status tells why, the broken pipe does not.
    child.stdin.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") reject(error);
    });
    child.stdin.end(input);
  });
}

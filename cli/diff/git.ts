import { execa } from "execa";
import { fleetError } from "../../lib/diagnostics/problem.js";

/** The result of a git command. */
export interface GitResult {
  readonly failed: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs git in a folder, without hooks and without a prompt.
 * @param environment variables beside those of this process
 */
export async function git(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<GitResult> {
  const settings = ["core.hooksPath=/dev/null", "core.fsmonitor=false", "submodule.recurse=false"];
  const options = settings.flatMap((setting) => ["-c", setting]);
  const env = { ...environment, GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
  const result = await execa("git", [...options, ...args], { cwd: folder, env, stdin: "ignore", reject: false });
  if (result.code === "ENOENT") {
    throw fleetError("git", "", "is not installed, or the folder does not exist", "Install git 2.38 or newer");
  }
  return { failed: result.failed, stdout: result.stdout, stderr: result.stderr };
}

/** The output of a git command. @throws FleetError with git's message */
export async function gitOutput(...args: Parameters<typeof git>): Promise<string> {
  const { failed, stdout, stderr } = await git(...args);
  if (!failed) return stdout;
  throw fleetError(`git ${args[1][0]}`, "", `failed: ${stderr.trim()}`, "Run the command in a clone of the repository");
}

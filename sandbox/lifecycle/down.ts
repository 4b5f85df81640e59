import { endDaemon } from "../daemon/end-daemon.js";
import { daemonNames } from "../daemon/record.js";
import { SandboxError } from "../lib/sandbox-error.js";
import { deleteStateDirectory, hasSandbox } from "../state/ownership.js";
import { checkStackName, environmentDaemon, githubDaemon, statePaths } from "../state/state-directory.js";
import { withSandboxLock } from "./lock.js";

/** The environment to stop, and whether its data is deleted. */
export interface DownOptions {
  /** Where the sandbox keeps everything. */
  readonly stateDirectory: string;
  /** The stack whose environment ends. @default all of them, and GitHub after them */
  readonly stack?: string;
  /** Also delete the data: cluster, repositories, stacks' states, secrets. Only for everything. @default false */
  readonly purge?: boolean;
  /** Called with one line for each step. @default none */
  readonly onProgress?: (line: string) => void;
}

/**
 * Ends an environment, or everything. Data stays for the next `up`, unless it is purged.
 * @returns names of the daemons that ran and now do not
 * @throws SandboxError when data of a single environment is to be purged, for GitHub holds a part of it, and when the
 *   state directory is not a sandbox's own folder
 */
export async function down(options: DownOptions): Promise<string[]> {
  const { stateDirectory, stack, purge = false, onProgress = () => undefined } = options;
  const paths = statePaths(stateDirectory);
  if (purge && stack !== undefined) {
    throw new SandboxError(
      "--purge is for everything: what an environment made on GitHub is shared with the others.",
      "leave out the stack, or run `pulumi destroy` for it first.",
    );
  }
  const wanted = stack === undefined ? undefined : environmentDaemon(checkStackName(stack));
  // Nothing was ever started, and ending nothing leaves no trace.
  if (!(await hasSandbox(paths, { purge }))) return [];
  const ended = await withSandboxLock(
    paths,
    async () => {
      const names = (await daemonNames(paths)).filter((name) => wanted === undefined || name === wanted);
      const environments = names.filter((name) => name !== githubDaemon);
      const results = await Promise.allSettled(environments.map((name) => end(name)));
      const failed = results.find((result) => result.status === "rejected");
      if (failed !== undefined) throw failed.reason;
      const answers = results.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
      // GitHub last: the controllers of the environments still talk to it while they end.
      return names.includes(githubDaemon) ? [...answers, ...(await end(githubDaemon))] : answers;
    },
    () => onProgress(`Waiting for another command that changes the sandbox in ${stateDirectory}.`),
  );
  if (purge) await deleteStateDirectory(paths);
  return ended;

  async function end(name: string): Promise<string[]> {
    const ran = await endDaemon(paths, name);
    onProgress(ran ? `${name} has ended.` : `${name} did not run any more.`);
    return ran ? [name] : [];
  }
}

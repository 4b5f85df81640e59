import { endDaemon } from "../daemon/end-daemon.js";
import { launchDaemon } from "../daemon/launch.js";
import { type DaemonRecord, readRecord } from "../daemon/record.js";
import type { DaemonSpec } from "../daemon/spec.js";
import { ensureStack, prepareEngine } from "../engine/engine.js";
import { removeStaleLocks } from "../engine/stale-locks.js";
import type { ProcessRecord } from "../process/orphans.js";
import { claimStateDirectory } from "../state/ownership.js";
import { ensureSecrets } from "../state/secrets.js";
import {
  checkStackName,
  environmentDaemon,
  githubDaemon,
  type StatePaths,
  statePaths,
} from "../state/state-directory.js";
import type { Toolchain } from "../toolchain/toolchain.js";
import { writeFluxCommand } from "./flux-command.js";
import { isHealthy } from "./health.js";
import { withSandboxLock } from "./lock.js";

/** The organisation that the GitHub emulator has. */
export const organisation = "acme";

/** The stack to start, the place of its data, and its owner. */
export interface UpOptions {
  /** Name of the stack whose environment is wanted. */
  readonly stack: string;
  /** Where the sandbox keeps everything. */
  readonly stateDirectory: string;
  /** The real parts. */
  readonly toolchain: Toolchain;
  /**
   * Process whose end ends the sandbox and deletes its data: that of a test.
   * @default none, it runs until it is stopped
   */
  readonly owner?: ProcessRecord;
  /** Called with one line for each step. @default none */
  readonly onProgress?: (line: string) => void;
}

/** The action on one part of the sandbox. */
export interface UpResult {
  /** `github` or `environment-STACK`. */
  readonly name: string;
  /** `running`: it was there; `restarted`: it was dead or did not answer, or its real parts were others. */
  readonly action: "started" | "restarted" | "running";
}

/**
 * Makes the state directory for an environment. A command calls it before it builds for minutes.
 * @throws SandboxError when the stack's name is not allowed, or the directory holds other files
 */
export async function prepareState({
  stack,
  stateDirectory,
}: Pick<UpOptions, "stack" | "stateDirectory">): Promise<StatePaths> {
  checkStackName(stack);
  const paths = statePaths(stateDirectory);
  await claimStateDirectory(paths);
  return paths;
}

/**
 * Starts one environment and what it needs, and waits until all is ready. What runs well is left alone, what is dead is
 * started again with its data.
 * @throws SandboxError naming the part that could not be started, with its own words, or when the state directory holds
 *   other files
 */
export async function up(options: UpOptions): Promise<UpResult[]> {
  const { stack, stateDirectory, toolchain, owner, onProgress = () => undefined } = options;
  const paths = await prepareState(options);
  const ownership = owner === undefined ? {} : { owner };
  return withSandboxLock(
    paths,
    async () => {
      const secrets = await ensureSecrets(paths);
      await prepareEngine(paths, toolchain);
      await writeFluxCommand(paths, toolchain, process.env);
      const freed = await removeStaleLocks(paths, stack);
      if (freed > 0) onProgress(`The stack ${stack} was locked by an engine that is gone: it is free again.`);
      // All must settle before an error is thrown: no part may still be starting when the lock is released.
      const parts = [
        ensure(githubDaemon, { kind: "github", stateDirectory, organisation, ...ownership }, onProgress),
        ensure(
          environmentDaemon(stack),
          { kind: "environment", stateDirectory, stack, toolchain, ...ownership },
          onProgress,
        ),
      ];
      const stackReady = ensureStack(paths, toolchain, secrets, stack);
      const failed = (await Promise.allSettled([...parts, stackReady])).find(({ status }) => status === "rejected");
      if (failed?.status === "rejected") throw failed.reason;
      return Promise.all(parts);
    },
    () => onProgress(`Waiting for another command that changes the sandbox in ${stateDirectory}.`),
  );
}

/** Starts a daemon unless it runs and answers. */
async function ensure(name: string, spec: DaemonSpec, onProgress: (line: string) => void): Promise<UpResult> {
  const paths = statePaths(spec.stateDirectory);
  const before = await readRecord(paths, name);
  if (before !== undefined && before !== "damaged" && (await isUsable(before, spec))) {
    onProgress(`${name} runs already (process ${before.process.pid}).`);
    return { name, action: "running" };
  }
  if (before !== undefined) {
    onProgress(`${name} does not run as it should: it is started again.`);
    await endDaemon(paths, name);
  }
  const began = Date.now();
  const record = await launchDaemon(name, spec);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  onProgress(`${name} is ready after ${seconds} s (process ${record.process.pid}).`);
  return { name, action: before === undefined ? "started" : "restarted" };
}

/** Whether a daemon can stay as it is: it answers, and was started with the same real parts. */
async function isUsable(record: DaemonRecord, spec: DaemonSpec): Promise<boolean> {
  const sameParts =
    record.kind === "github" || (spec.kind === "environment" && spec.toolchain.key === record.toolchain.key);
  return sameParts && (await isHealthy(record));
}

import { dirname } from "node:path";
import { makeDirectory } from "../lib/make-directory.js";
import { withProcessLock } from "../lib/process-lock.js";
import { SandboxError } from "../lib/sandbox-error.js";
import type { StatePaths } from "../state/state-directory.js";

/** ms after which the lock of a command that was killed is free. */
const staleMs = 15_000;
/** ms to wait for another command: it may be starting two daemons on a busy machine. */
const timeoutMs = 300_000;

/**
 * Runs `work` while no other command changes the same sandbox.
 * @param onWait called once, when another command holds the lock. @default none
 * @throws SandboxError when the other command does not end in time
 */
export async function withSandboxLock<T>(
  paths: StatePaths,
  work: () => Promise<T>,
  onWait: () => void = () => undefined,
): Promise<T> {
  await makeDirectory(dirname(paths.lock), 0o700);
  let announced = false;
  const wait = (waitedMs: number) => {
    if (waitedMs > timeoutMs) throw busy(paths);
    if (!announced) onWait();
    announced = true;
  };
  return withProcessLock(paths.lock, { staleMs, intervalMs: 100, onWait: wait }, work);
}

function busy(paths: StatePaths): SandboxError {
  return new SandboxError(
    `Another command has been changing the sandbox in ${paths.directory} for ${timeoutMs / 60_000} minutes.`,
    "wait for it or end it, then run the same command again.",
  );
}

import { withProcessLock } from "../lib/process-lock.js";
import { ToolchainError } from "./error.js";

/**
 * Runs `work` while no other process on the machine builds: linking the largest parts takes gigabytes, and two runs
 * that need the same part share it.
 *
 * @param path the locked path; the lock itself is the directory `PATH.lock`
 * @param onWait called every half second while another run holds the lock, with the seconds waited so far
 * @param work must stop when its signal is aborted: then the lock was lost (the machine slept, the directory is gone)
 * @param staleMs ms after which the lock of a process that was killed is free; at least 2000
 * @throws ToolchainError when the lock is lost
 */
export async function withLock<T>(
  path: string,
  onWait: (seconds: number) => Promise<void>,
  work: (signal: AbortSignal) => Promise<T>,
  staleMs = 20_000,
): Promise<T> {
  const lost = new AbortController();
  const options = {
    staleMs,
    intervalMs: 500,
    onWait: (waitedMs: number) => onWait(waitedMs / 1000),
    onLost: () => lost.abort(lockLost(path)),
  };
  return withProcessLock(path, options, async () => {
    try {
      const result = await work(lost.signal);
      lost.signal.throwIfAborted();
      return result;
    } catch (error) {
      // An error of work that was stopped is a consequence: the lost lock is the cause.
      lost.signal.throwIfAborted();
      throw error;
    }
  });
}

function lockLost(path: string): ToolchainError {
  return new ToolchainError(
    "toolchain",
    `the build's lock ${path}.lock was lost: the machine slept, or something deleted it`,
    "run the same command again: finished parts are kept.",
  );
}

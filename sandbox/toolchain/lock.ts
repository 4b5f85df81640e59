import pWaitFor from "p-wait-for";
import lockfile from "proper-lockfile";
import { ToolchainError } from "./error.js";

/**
 * Runs `work` while holding a lock, waiting for whoever holds it now. One build at a time is wanted on a whole machine:
 * linking the largest parts takes gigabytes, and two runs that want the same part should share it.
 *
 * @param path what is locked; the lock itself is the directory `PATH.lock`
 * @param onWait called every half second while another run holds the lock, with the seconds waited so far
 * @param work must stop when its signal is aborted: then the lock was lost (the machine slept, the directory is gone)
 * @param stale how long the lock outlives a holder that was killed, in milliseconds; at least 2000
 */
export async function withLock<T>(
  path: string,
  onWait: (seconds: number) => Promise<void>,
  work: (signal: AbortSignal) => Promise<T>,
  stale = 20_000,
): Promise<T> {
  const lost = new AbortController();
  const release = await acquire(path, stale, onWait, () => lost.abort(lockLost(path)));
  try {
    const result = await work(lost.signal);
    lost.signal.throwIfAborted();
    return result;
  } catch (error) {
    // What the work says when it is stopped is a consequence: the lost lock is the cause.
    lost.signal.throwIfAborted();
    throw error;
  } finally {
    if (!lost.signal.aborted) {
      await release();
    }
  }
}

async function acquire(
  path: string,
  stale: number,
  onWait: (seconds: number) => Promise<void>,
  onCompromised: () => void,
): Promise<() => Promise<void>> {
  const began = Date.now();
  return pWaitFor(
    async () => {
      try {
        return pWaitFor.resolveWith(await lockfile.lock(path, { realpath: false, stale, onCompromised }));
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ELOCKED") {
          await onWait((Date.now() - began) / 1000);
          return false;
        }
        throw error;
      }
    },
    { interval: 500 },
  );
}

function lockLost(path: string): ToolchainError {
  return new ToolchainError(
    "toolchain",
    `the build's lock ${path}.lock was lost: the machine slept, or something deleted it`,
    "run the same command again: finished parts are kept.",
  );
}

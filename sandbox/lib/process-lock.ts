import pWaitFor from "p-wait-for";
import lockfile from "proper-lockfile";

/** How a lock is waited for and held. */
export interface ProcessLockOptions {
  /** ms after which the lock of a process that was killed is free; at least 2000. */
  readonly staleMs: number;
  /** ms between two attempts to take the lock. */
  readonly intervalMs: number;
  /** Called after each failed attempt, with the ms waited so far; a rejection ends the wait. */
  readonly onWait: (waitedMs: number) => void | Promise<void>;
  /** Called when the lock is lost: the machine slept, or its directory was deleted. */
  readonly onLost?: () => void;
}

/**
 * Runs `work` while this process holds a lock, which no other process of the machine can hold at the same time.
 * @param path the locked path; the lock itself is the directory `PATH.lock`
 */
export async function withProcessLock<T>(
  path: string,
  { staleMs, intervalMs, onWait, onLost }: ProcessLockOptions,
  work: () => Promise<T>,
): Promise<T> {
  let lost = false;
  const onCompromised = () => {
    lost = true;
    onLost?.();
  };
  const began = Date.now();
  const release = await pWaitFor(
    async () => {
      try {
        const options = { realpath: false, stale: staleMs, onCompromised };
        return pWaitFor.resolveWith(await lockfile.lock(path, options));
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ELOCKED")) throw error;
        await onWait(Date.now() - began);
        return false;
      }
    },
    { interval: intervalMs },
  );
  try {
    return await work();
  } finally {
    // A lost lock may be another process's by now.
    if (!lost) await release();
  }
}

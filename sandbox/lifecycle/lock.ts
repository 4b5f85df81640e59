import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import pWaitFor from "p-wait-for";
import lockfile from "proper-lockfile";
import { SandboxError } from "../lib/sandbox-error.js";
import type { StatePaths } from "../state/state-directory.js";

/** ms after which the lock of a command that was killed counts for nothing. */
const stale = 15_000;
/** ms to wait for another command: it may be starting two daemons on a busy machine. */
const patience = 300_000;

/**
 * Runs `work` while no other command changes the same sandbox.
 * @param onWait called once, when another command is at work. @default nobody is told
 * @throws SandboxError when the other command does not come to an end
 */
export async function withSandboxLock<T>(
  paths: StatePaths,
  work: () => Promise<T>,
  onWait: () => void = () => undefined,
): Promise<T> {
  await mkdir(dirname(paths.lock), { recursive: true, mode: 0o700 });
  let lost: Error | undefined;
  const release = await acquire(paths, onWait, (error) => {
    lost = error;
  });
  try {
    return await work();
  } finally {
    // A lock that is not ours any more (the machine slept, the directory was deleted) is not ours to release.
    if (lost === undefined) await release();
  }
}

async function acquire(
  paths: StatePaths,
  onWait: () => void,
  onCompromised: (error: Error) => void,
): Promise<() => Promise<void>> {
  const deadline = Date.now() + patience;
  let told = false;
  return pWaitFor(
    async () => {
      try {
        return pWaitFor.resolveWith(await lockfile.lock(paths.lock, { realpath: false, stale, onCompromised }));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
        if (Date.now() > deadline) throw busy(paths);
        if (!told) onWait();
        told = true;
        return false;
      }
    },
    { interval: 100 },
  );
}

function busy(paths: StatePaths): SandboxError {
  return new SandboxError(
    `Another command has been changing the sandbox in ${paths.directory} for ${patience / 60_000} minutes.`,
    "wait for it or end it, then run the same command again.",
  );
}

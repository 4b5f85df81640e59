import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { allProcesses, treeOf } from "@fleet/sandbox/process/process-tree";

/** ms between two looks. */
const intervalMs = 100;
const bytesOfPage = 4096;

/**
 * GiB: the most that a process and those below it had in memory at the same time, until something ends. Pages that
 * processes share count for each of them. Linux only; elsewhere 0.
 * @param running ends, well or not, when there is nothing more to see
 */
export async function peakMemory(root: number, running: Promise<unknown>): Promise<number> {
  let [peak, isRunning] = [0, true];
  const end = () => {
    isRunning = false;
  };
  const ended = running.then(end, end);
  while (isRunning) {
    const tree = treeOf(root, await allProcesses());
    peak = Math.max(
      peak,
      tree.map(({ pid }) => residentBytes(pid)).reduce((sum, bytes) => sum + bytes, 0),
    );
    await Promise.race([ended, sleep(intervalMs)]);
  }
  return peak / 2 ** 30;
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_statm.5.html */
function residentBytes(pid: number): number {
  const file = `/proc/${pid}/statm`;
  // A process may end at any time.
  if (!existsSync(file)) return 0;
  const [, pages] = readFileSync(file, "utf8").split(" ");
  return Number(pages ?? 0) * bytesOfPage;
}

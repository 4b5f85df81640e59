import { isAlive, type ProcessRecord } from "../process/orphans.js";
import { waitUntil } from "../process/readiness.js";

/**
 * Ends a recorded process, if it still is the same one: SIGTERM, and SIGKILL when that does not help in time.
 * @param gracePeriodMs ms between the two
 * @returns how it ended; `"gone"` when there was nothing to end
 * @throws when even SIGKILL does not help
 */
export async function endProcess(record: ProcessRecord, gracePeriodMs: number): Promise<"gone" | "ended" | "killed"> {
  const what = `The end of ${record.name} (${record.pid})`;
  if (!send(record, "SIGTERM")) return "gone";
  try {
    await waitUntil(() => !isAlive(record), { what, timeout: gracePeriodMs });
    return "ended";
  } catch {
    send(record, "SIGKILL");
    await waitUntil(() => !isAlive(record), { what, timeout: 10_000 });
    return "killed";
  }
}

/** Sends a signal, unless the process is gone or its number is another's by now. */
function send(record: ProcessRecord, signal: NodeJS.Signals): boolean {
  if (!isAlive(record)) return false;
  try {
    return process.kill(record.pid, signal);
  } catch (error) {
    // It ended between the look and the signal.
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

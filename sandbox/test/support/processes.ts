import { status } from "../../lifecycle/status.js";
import { processStart } from "../../process/orphans.js";
import { waitUntil } from "../../process/readiness.js";

/** A process that can be recognised later, even when its number has been given to another. */
export interface KnownProcess {
  readonly name: string;
  readonly pid: number;
  readonly started: string;
}

/** Every process of a sandbox that runs now. */
export async function processesOf(stateDirectory: string): Promise<KnownProcess[]> {
  const { parts } = await status(stateDirectory);
  return parts
    .flatMap(({ processes }) => processes)
    .flatMap(({ name, pid }) => {
      const started = processStart(pid);
      return started === undefined ? [] : [{ name, pid, started }];
    });
}

/** Those of the processes that still run. */
export function stillRunning(processes: readonly KnownProcess[]): KnownProcess[] {
  return processes.filter(({ pid, started }) => processStart(pid) === started);
}

/** Waits until none of the processes runs. */
export async function allGone(processes: readonly KnownProcess[], timeout = 60_000): Promise<void> {
  const gone = () => {
    const running = stillRunning(processes).map(({ name, pid }) => `${name} (${pid})`);
    if (running.length > 0) throw new Error(`still running: ${running.join(", ")}`);
    return true;
  };
  await waitUntil(gone, { what: "The end of the sandbox's processes", timeout });
}

import { readFile } from "node:fs/promises";
import { FleetRun } from "./fleet-run.js";
import { secondsOf } from "./stopwatch.js";

/** ms between two looks at the memory of the command. */
const lookEvery = 100;

/** The costs of `npx fleet diff --live`, beside the engine's own preview of the same stack. */
export interface LiveDiffCosts {
  readonly previewSeconds: number;
  readonly seconds: number;
  /** Most resident memory of the command without the engine, MiB. On Linux; elsewhere 0. */
  readonly peakMemory: number;
}

/** Measures a stack without changes, on a sandbox of its own. */
export async function measureLiveDiff(tenants: number): Promise<LiveDiffCosts> {
  const fleet = await FleetRun.start(tenants, () => undefined);
  try {
    await fleet.upWithoutCheckpoints();
    // Neither of the two is to pay for a cold cache.
    await fleet.preview();
    const { seconds: previewSeconds } = await fleet.preview();
    let peakMemory = 0;
    const seconds = await secondsOf(async () => {
      const command = fleet.startLiveDiff();
      const watch = setInterval(() => {
        void peakOf(command.pid).then((memory) => {
          peakMemory = Math.max(peakMemory, memory);
        });
      }, lookEvery);
      await command.finally(() => clearInterval(watch));
    });
    return { previewSeconds, seconds, peakMemory };
  } finally {
    await fleet.sandbox.end();
  }
}

/** The most resident memory that a process had so far, MiB. A process that has ended has none. */
async function peakOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
}

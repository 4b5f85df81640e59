import { readFile } from "node:fs/promises";
import type { Step } from "../../cli/start/tasks.js";
import type { TestSandbox } from "../support/e2e/sandbox.js";
import { FleetRun } from "./fleet-run.js";
import type { LiveDiffCosts } from "./result.js";
import { secondsOf } from "./stopwatch.js";

/** ms between two looks at the memory of the command. */
const lookEvery = 100;

/** The costs of a review against the real world, to be printed. */
export interface LiveDiffContext {
  liveDiff?: LiveDiffCosts;
}

/** Measures `npx fleet diff --live`. @param register gets the sandbox, so that an interrupted run can end it */
export function liveDiffStep(tenants: number, register: (sandbox: TestSandbox) => void): Step<LiveDiffContext> {
  return {
    title: `fleet diff --live of ${tenants} tenants`,
    task: async (context) => {
      context.liveDiff = await measureLiveDiff(tenants, register);
    },
  };
}

/** Measures a stack without changes, on a sandbox of its own. @param register gets the sandbox as soon as it exists */
export async function measureLiveDiff(
  tenants: number,
  register: (sandbox: TestSandbox) => void = () => undefined,
): Promise<LiveDiffCosts> {
  const fleet = await FleetRun.start(tenants, register);
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
    return { tenants, previewSeconds, seconds, peakMemory };
  } finally {
    await fleet.sandbox.end();
  }
}

/** The most resident memory that a process had so far, MiB. A process that has ended has none. */
async function peakOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
}

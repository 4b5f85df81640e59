import { readFileSync } from "node:fs";
import type { Step } from "../../cli/start/tasks.js";
import type { TestSandbox } from "../support/e2e/sandbox.js";
import { FleetRun } from "./fleet-run.js";
import type { Costs, OneTenantChange } from "./result.js";
import { secondsOf } from "./stopwatch.js";

/** The costs of changing one tenant, to be printed. */
export interface OneTenantContext {
  oneTenant?: readonly OneTenantChange[];
}

/**
 * Measures the change of one tenant in a fleet of one size, by an update of the whole stack and by `fleet up --tenant`.
 * @param register gets the sandbox as soon as it exists, so that an interrupted run can end it
 */
export function oneTenantStep(tenants: number, register: (sandbox: TestSandbox) => void): Step<OneTenantContext> {
  return {
    title: `Change of one tenant of ${tenants}`,
    task: async (context, task) => {
      const fleet = await FleetRun.start(tenants, register);
      try {
        task.output = "pulumi up: everything";
        await fleet.upWithoutCheckpoints();
        await fleet.changeOneTenant();
        task.output = "pulumi up: the change";
        const whole = await costsOf(() => fleet.up());
        await fleet.changeOneTenant("large");
        task.output = "fleet up --tenant: another change";
        const limited = await costsOf(() => fleet.upOneTenant());
        const change: OneTenantChange = { tenants, whole, limited };
        context.oneTenant = [...(context.oneTenant ?? []), change];
      } finally {
        await fleet.sandbox.end();
      }
    },
  };
}

async function costsOf(run: () => Promise<unknown>): Promise<Costs> {
  const before = processorSeconds();
  const seconds = await secondsOf(run);
  return { seconds, processorSeconds: processorSeconds() - before };
}

/** Hertz of the times in /proc on every architecture that Node supports. */
const clockTicks = 100;

/**
 * Processor time of all programs that this process has started and that have ended, on Linux. Elsewhere 0.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function processorSeconds(): number {
  if (process.platform !== "linux") return 0;
  // The name of the program, in parentheses, may contain spaces. Fields 16 and 17 are those of children.
  const [, rest = ""] = /^.*\) (.*)$/s.exec(readFileSync("/proc/self/stat", "utf8")) ?? [];
  const fields = rest.split(" ").map(Number);
  const [user = 0, system = 0] = fields.slice(13, 15);
  return (user + system) / clockTicks;
}

import type { Step } from "../../cli/start/tasks.js";
import type { TestSandbox } from "../support/e2e/sandbox.js";
import { FleetRun } from "./fleet-run.js";
import { processorSeconds } from "./processor-seconds.js";
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

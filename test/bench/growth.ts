import type { Step } from "../../cli/start/tasks.js";
import type { TestSandbox } from "../support/e2e/sandbox.js";
import { FleetRun } from "./fleet-run.js";
import type { Size } from "./result.js";

/** The result of the growth measurement, to be printed. */
export interface GrowthContext {
  growth?: readonly Size[];
}

/**
 * Measures one size of the fleet from nothing, on a sandbox of its own that ends with it.
 * @param register gets the sandbox as soon as it exists, so that an interrupted run can end it
 */
export function growthStep(tenants: number, register: (sandbox: TestSandbox) => void): Step<GrowthContext> {
  return {
    title: `Growth: ${tenants} tenants`,
    task: async (context, task) => {
      const fleet = await FleetRun.start(tenants, register);
      try {
        const up = await fleet.up();
        task.output = `up: ${up.seconds.toFixed(1)} s`;
        const preview = await fleet.preview();
        task.output = `no-change preview: ${preview.seconds.toFixed(1)} s`;
        const resources = (await fleet.resources()).length;
        const size: Size = {
          tenants,
          up: up.seconds,
          preview: preview.seconds,
          resources,
          upRequests: up.requests.length,
          previewRequests: preview.requests.length,
        };
        context.growth = [...(context.growth ?? []), size];
      } finally {
        await fleet.sandbox.end();
      }
    },
  };
}

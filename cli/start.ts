/** `npm start`: starts the sandbox, runs `pulumi up` on it, and waits until every tenant is synced. */

import { sandboxEnvironment, stateDirectory } from "@fleet/sandbox";
import { duration } from "@fleet/sandbox/toolchain/progress";
import { execa } from "execa";
import { z } from "zod";
import { checkout } from "./checkout.js";
import { explain, JobError } from "./explain.js";
import { pulumiUpStep } from "./start/pulumi-up.js";
import { type SandboxContext, sandboxStep, toolchainStep } from "./start/sandbox-tasks.js";
import { renderFleet } from "./start/tables.js";
import { runSteps, type Step } from "./start/tasks.js";
import { type TenantLocation, type TenantSync, waitForTenantSyncs } from "./start/tenant-syncs.js";

interface Context extends SandboxContext {
  environment: Readonly<Record<string, string>>;
  syncs: readonly TenantSync[];
}

const target = { stack: "staging", stateDirectory: stateDirectory(process.env) };
const { stack } = target;
/** ms that the tenants' first syncs may take after `pulumi up`. A few seconds are usual. */
const syncTimeoutMs = 180_000;

const outputsSchema = z.object({
  tenants: z.record(z.string(), z.object({ namespace: z.string(), repository: z.string() })),
});

const environmentStep: Step<Context> = {
  title: "Credentials of the sandbox",
  task: async (context) => {
    context.environment = await sandboxEnvironment({ ...target, environment: process.env });
  },
};

const syncStep: Step<Context> = {
  title: "Every tenant's repository synced",
  task: async (context, task) => {
    const tenants = await tenantsOf(context.environment);
    context.syncs = await waitForTenantSyncs({
      kubeconfig: context.environment.KUBECONFIG ?? "",
      tenants,
      timeout: syncTimeoutMs,
      onProgress: (line) => {
        task.output = line;
      },
    });
    task.title = `${task.title}: ${tenants.length} of ${tenants.length} Ready`;
  },
};

async function tenantsOf(environment: Readonly<Record<string, string>>): Promise<TenantLocation[]> {
  const args = ["stack", "output", "--json", "--non-interactive", "--stack", stack];
  const result = await execa("pulumi", args, { cwd: checkout, env: environment, stdin: "ignore", reject: false });
  if (result.failed) throw new JobError(`pulumi stack output failed for the stack ${stack}: ${result.stderr}`);
  const { tenants } = outputsSchema.parse(JSON.parse(result.stdout));
  return Object.entries(tenants).map(([name, tenant]) => ({ name, ...tenant }));
}

const began = Date.now();
try {
  const steps = [
    toolchainStep<Context>(),
    sandboxStep<Context>(target),
    environmentStep,
    pulumiUpStep<Context>(stack),
    syncStep,
  ];
  const { syncs, environment } = await runSteps(steps);
  const took = duration((Date.now() - began) / 1000);
  process.stdout.write(renderFleet({ stack, syncs, owner: environment.GITHUB_OWNER ?? "", took }));
} catch (error) {
  process.stderr.write(`\n${explain(error)}\n\nThe started processes still run. Stop them with: npm run stop\n`);
  process.exitCode = 1;
}

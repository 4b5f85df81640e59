/** `npm start`: starts the sandbox, runs `pulumi up` on it, and waits until every tenant is synced. */

import { sandboxEnvironment, stateDirectory } from "@fleet/sandbox";
import { duration } from "@fleet/sandbox/toolchain/progress";
import { execa } from "execa";
import { z } from "zod";
import { checkout } from "./checkout.js";
import { explain } from "./explain.js";
import { renderFleet } from "./start/fleet-table.js";
import { JobError } from "./start/job-error.js";
import { type EngineContext, pulumiUpStep } from "./start/pulumi-up.js";
import { type SandboxContext, sandboxStep, toolchainStep } from "./start/sandbox-tasks.js";
import { runSteps, type Step } from "./start/tasks.js";
import { type TenantLocation, type TenantSync, waitForTenantSyncs } from "./start/tenant-syncs.js";

interface Context extends SandboxContext, EngineContext {
  syncs?: readonly TenantSync[];
}

const stack = "staging";
/** ms that the tenants' first syncs may take after `pulumi up`. A few seconds are usual. */
const syncTimeoutMs = 180_000;

/** The stack's outputs that this command reads. */
const outputsSchema = z.object({
  fluxVersion: z.string(),
  tenants: z.record(z.string(), z.object({ namespace: z.string(), repository: z.string() })),
});

async function job(): Promise<void> {
  const began = Date.now();
  const directory = stateDirectory(process.env);
  const { syncs = [], environment = {} } = await runSteps<Context>(
    [
      toolchainStep(),
      sandboxStep({ stack, stateDirectory: directory }),
      environmentStep(directory),
      pulumiUpStep(stack),
      syncStep(),
    ],
    {},
  );
  const seconds = (Date.now() - began) / 1000;
  process.stdout.write(renderFleet({ stack, syncs, owner: environment.GITHUB_OWNER ?? "", took: duration(seconds) }));
}

function environmentStep(directory: string): Step<Context> {
  return {
    title: "Credentials of the sandbox",
    run: async (context) => {
      context.environment = await sandboxEnvironment({ stack, stateDirectory: directory, environment: process.env });
    },
  };
}

function syncStep(): Step<Context> {
  return {
    title: "Every tenant's repository synced",
    run: async (context, report) => {
      const { environment = {} } = context;
      const tenants = await tenantsOf(environment);
      context.syncs = await waitForTenantSyncs({
        kubeconfig: environment.KUBECONFIG ?? "",
        tenants,
        timeout: syncTimeoutMs,
        onProgress: report,
      });
      report.title(`Every tenant's repository synced: ${tenants.length} of ${tenants.length} Ready`);
    },
  };
}

async function tenantsOf(environment: Readonly<Record<string, string>>): Promise<TenantLocation[]> {
  const args = ["stack", "output", "--json", "--non-interactive", "--stack", stack];
  const result = await execa("pulumi", args, { cwd: checkout, env: environment, stdin: "ignore", reject: false });
  if (result.failed) throw new JobError(`pulumi stack output failed for the stack ${stack}: ${result.stderr}`);
  const { tenants } = outputsSchema.parse(JSON.parse(result.stdout));
  return Object.entries(tenants).map(([name, { namespace, repository }]) => ({ name, namespace, repository }));
}

try {
  await job();
} catch (error) {
  process.stderr.write(`\n${explain(error)}\n\nThe started processes still run. Stop them with: npm run stop\n`);
  process.exitCode = 1;
}

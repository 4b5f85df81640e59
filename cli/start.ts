/** `npm start`: the main job on real parts, from nothing to synced tenants. */

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
import { type TenantPlace, type TenantSync, waitForTenantSyncs } from "./start/tenant-syncs.js";

interface Context extends SandboxContext, EngineContext {
  syncs?: readonly TenantSync[];
}

const stack = "staging";
/** ms that the tenants' first syncs may take after the engine has finished; seconds are usual. */
const syncPatience = 180_000;

/** The engine's outputs, as far as they are needed here. */
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
    run: async (context, say) => {
      const { environment = {} } = context;
      const tenants = await tenantsOf(environment);
      context.syncs = await waitForTenantSyncs({
        kubeconfig: environment.KUBECONFIG ?? "",
        tenants,
        timeout: syncPatience,
        onProgress: say,
      });
      say.title(`Every tenant's repository synced: ${tenants.length} of ${tenants.length} Ready`);
    },
  };
}

async function tenantsOf(environment: Readonly<Record<string, string>>): Promise<TenantPlace[]> {
  const args = ["stack", "output", "--json", "--non-interactive", "--stack", stack];
  const result = await execa("pulumi", args, { cwd: checkout, env: environment, stdin: "ignore", reject: false });
  if (result.failed) throw new JobError(`pulumi could not tell the outputs of ${stack}: ${result.stderr}`);
  const { tenants } = outputsSchema.parse(JSON.parse(result.stdout));
  return Object.entries(tenants).map(([name, { namespace, repository }]) => ({ name, namespace, repository }));
}

try {
  await job();
} catch (error) {
  process.stderr.write(`\n${explain(error)}\n\nWhat was started still runs; to end it: npm run stop\n`);
  process.exitCode = 1;
}

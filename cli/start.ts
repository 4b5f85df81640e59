/** `npm start`: starts the sandbox, runs `pulumi up` on it, and waits until every tenant is synced. */

import { prepareState, sandboxEnvironment, stateDirectory } from "@fleet/sandbox";
import { duration } from "@fleet/sandbox/toolchain/progress";
import { Command } from "commander";
import { execa } from "execa";
import { z } from "zod";
import { checkout } from "./checkout.js";
import { exitCodes } from "./exit-code.js";
import { explain, JobError } from "./explain.js";
import { defaultStack, requireStack } from "./stacks.js";
import { pulumiUpStep, StackLockedError } from "./start/pulumi-up.js";
import { type SandboxContext, sandboxStep, toolchainStep } from "./start/sandbox-tasks.js";
import { stackParts } from "./start/stack-parts.js";
import { processesNote, renderFleet } from "./start/tables.js";
import { runSteps, type Step } from "./start/tasks.js";
import { type TenantLocation, type TenantSync, waitForTenantSyncs } from "./start/tenant-syncs.js";

interface Context extends SandboxContext {
  environment: Readonly<Record<string, string>>;
  syncs: readonly TenantSync[];
}

/** ms that the tenants' first syncs may take after `pulumi up`. A few seconds are usual. */
const syncTimeoutMs = 180_000;

const outputsSchema = z.object({
  tenants: z.record(z.string(), z.object({ namespace: z.string(), repository: z.string() })),
});

function environmentStep(target: { readonly stack: string; readonly stateDirectory: string }): Step<Context> {
  return {
    title: "Credentials of the sandbox",
    task: async (context) => {
      context.environment = await sandboxEnvironment({ ...target, environment: process.env });
    },
  };
}

function syncStep(stack: string): Step<Context> {
  return {
    title: "Every tenant's repository synced",
    task: async (context, task) => {
      const tenants = await tenantsOf(stack, context.environment);
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
}

async function tenantsOf(stack: string, environment: Context["environment"]): Promise<TenantLocation[]> {
  const args = ["stack", "output", "--json", "--non-interactive", "--stack", stack];
  const result = await execa("pulumi", args, { cwd: checkout, env: environment, stdin: "ignore", reject: false });
  if (result.failed) throw new JobError(`pulumi stack output failed for the stack ${stack}: ${result.stderr}`);
  const { tenants } = outputsSchema.parse(JSON.parse(result.stdout));
  return Object.entries(tenants).map(([name, tenant]) => ({ name, ...tenant }));
}

async function start(stack: string): Promise<void> {
  const began = Date.now();
  const context: Partial<Context> = {};
  try {
    const target = { stack, stateDirectory: stateDirectory(process.env) };
    await prepareState(target);
    const steps = [
      toolchainStep<Context>(stackParts(checkout, stack)),
      sandboxStep<Context>(target),
      environmentStep(target),
      pulumiUpStep<Context>(target),
      syncStep(stack),
    ];
    const { syncs, environment } = await runSteps(steps, context as Context);
    const took = duration((Date.now() - began) / 1000);
    process.stdout.write(renderFleet({ stack, syncs, owner: environment.GITHUB_OWNER ?? "", took }));
  } catch (error) {
    // The processes may be those of another `npm start`, which works on the stack.
    const note = error instanceof StackLockedError ? "" : processesNote(context.parts);
    process.stderr.write(`\n${explain(error)}\n${note}`);
    process.exitCode = 1;
  }
}

await new Command("npm start")
  .description("start the sandbox of a stack, run pulumi up on it, and wait until every tenant is synced")
  .usage("[-- STACK]")
  .argument("[stack]", "stack to start; when left out: the stack that creates the repositories (fleet:repositoryOwner)")
  .addHelpText("after", exitCodes)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .action(async (named: string | undefined, _, command: Command) => {
    await start(
      named === undefined ? await defaultStack(command, checkout) : await requireStack(command, checkout, named),
    );
  })
  .parseAsync();

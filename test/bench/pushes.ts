import { type KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";
import { stringify } from "yaml";
import type { Progress, Step } from "../../cli/start/tasks.js";
import { FluxObjects } from "../support/e2e/flux-objects.js";
import { copyProgram } from "../support/e2e/program-copy.js";
import { editYaml } from "../support/e2e/program-settings.js";
import { type TestEnvironment, TestSandbox } from "../support/e2e/sandbox.js";
import { waitFor } from "../support/e2e/wait-for.js";
import { configMap } from "../support/objects/configuration.js";
import { reference } from "../support/objects/object.js";
import { benchStack, tenantNames, writeCatalogue } from "./catalogue.js";
import { secondsOf } from "./stopwatch.js";

/** The result of the measured pushes, to be printed. */
export interface PushesContext {
  /** Seconds that each push took until it was applied. */
  pushes?: readonly number[];
}

/** ms between two looks at whether a push is applied: small beside what is measured. */
const lookEvery = 50;

/**
 * Measures pushes to a tenant's repository until the cluster has applied them, told by the tenant's webhook; the next
 * look at Git by itself is an hour away. From the start of `git push`, on a sandbox of its own that ends with it.
 * @param count how many pushes, one after the other
 * @param register gets the sandbox as soon as it exists, so that an interrupted run can end it
 */
export function pushesStep(count: number, register: (sandbox: TestSandbox) => void): Step<PushesContext> {
  return {
    title: `${count} pushes`,
    task: async (context, task) => {
      const sandbox = await TestSandbox.create();
      register(sandbox);
      try {
        context.pushes = await pushes(count, sandbox, task);
      } finally {
        await sandbox.end();
      }
    },
  };
}

async function pushes(count: number, sandbox: TestSandbox, progress: Progress): Promise<number[]> {
  const [tenant = ""] = tenantNames(1);
  const environment = await sandbox.environment(benchStack);
  progress.output = "pulumi up";
  await environment.engine.up({ cwd: await programWithWebhook(sandbox, environment, tenant) });
  const clone = await sandbox.clone(tenant);
  const applied = appliedTo(new FluxObjects(environment.kubernetes), tenant);
  await applied(await clone.git("rev-parse", "HEAD"));
  await receiverReady(environment, tenant);

  const seconds: number[] = [];
  while (seconds.length < count) {
    const version = configMap({ name: "pushed" }, { n: `${seconds.length}` });
    const commit = await clone.commit(`Push ${seconds.length + 1}`, { "deploy/base/pushed.yaml": stringify(version) });
    seconds.push(
      await secondsOf(async () => {
        await clone.push();
        await applied(commit);
      }),
    );
    progress.output = `${seconds.length} of ${count}: ${seconds.at(-1)?.toFixed(1)} s`;
  }
  return seconds;
}

/** A copy of the program with one tenant that has a webhook. */
async function programWithWebhook(
  sandbox: TestSandbox,
  { variables }: TestEnvironment,
  tenant: string,
): Promise<string> {
  const program = await copyProgram(await sandbox.scratch("program"));
  await writeCatalogue(program, 1);
  await editYaml(program, `stacks/base/tenants/${tenant}.yaml`, [
    [["webhook"], true],
    [["sync"], { interval: "1h" }],
  ]);
  await editYaml(program, `Pulumi.${benchStack}.yaml`, [
    [["config", "fleet:webhookUrl"], variables.FLEET_WEBHOOK_URL],
    [["config", "fleet:ingressNamespaces"], ["ingress-nginx"]],
  ]);
  return program;
}

/** Waits until a tenant's sync has applied a commit. */
function appliedTo(flux: FluxObjects, tenant: string) {
  const sync = { kind: "Kustomization", namespace: tenant, name: tenant } as const;
  return async (commit: string): Promise<void> => {
    await waitFor(async () => (await flux.get(sync)).status?.lastAppliedRevision?.endsWith(commit), {
      timeout: 300_000,
      interval: lookEvery,
      describe: async () => `${commit} is applied: ${JSON.stringify((await flux.get(sync)).status)}`,
    });
  };
}

interface Receiver extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Waits for the Receiver: it does not get the notification of an earlier push. */
async function receiverReady({ kubernetes }: TestEnvironment, namespace: string): Promise<void> {
  const objects = KubernetesObjectApi.makeApiClient(kubernetes.admin);
  await waitFor(
    async () => {
      const { status } = await objects.read<Receiver>(reference("Receiver", { name: "tenant-webhook", namespace }));
      return status?.conditions?.some((one) => one.type === "Ready" && one.status === "True");
    },
    { describe: () => `the Receiver of ${namespace} is Ready` },
  );
}

import assert from "node:assert/strict";
import { AppsV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import type { TestEnvironment } from "../../support/e2e/sandbox.js";
import { waitFor } from "../../support/e2e/wait-for.js";

/** In which other way one of Flux's controllers is started. */
export interface StartChange {
  /** Flag that is given and will not be: `--no-remote-bases`. */
  readonly withoutFlag?: string;
  /** Argument that will be given as well. */
  readonly argument?: string;
  /** Variables with other values; null takes one away. */
  readonly variables?: Readonly<Record<string, string | null>>;
}

/**
 * Starts a controller in another way than the program does, and waits until that is what runs.
 * @throws when it is not given the flag, or a variable that is to be taken away
 */
export async function rollOut(
  { kubernetes }: TestEnvironment,
  controller: string,
  { withoutFlag, argument, variables = {} }: StartChange,
): Promise<void> {
  const apps = kubernetes.client(AppsV1Api);
  const which = { namespace: "flux-system", name: controller };
  const before = await apps.readNamespacedDeployment(which);
  const [container] = before.spec?.template.spec?.containers ?? [];
  assert.ok(container, `${controller} has no container`);
  const given = container.args ?? [];
  const args = given.filter((one) => withoutFlag === undefined || one.split("=")[0] !== withoutFlag);
  assert.equal(given.length - args.length, withoutFlag === undefined ? 0 : 1, `${controller} is given ${withoutFlag}`);
  for (const name of Object.keys(variables)) {
    assert.ok(
      container.env?.some((one) => one.name === name),
      `${controller} is not given ${name}`,
    );
  }
  const env = Object.entries(variables).map(([name, value]) =>
    value === null ? { name, $patch: "delete" } : { name, value },
  );
  const changed = { name: container.name, args: [...args, ...(argument === undefined ? [] : [argument])], env };
  await apps.patchNamespacedDeployment(
    { ...which, body: { spec: { template: { spec: { containers: [changed] } } } } },
    setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
  );
  await waitFor(
    async () => {
      const { metadata, spec, status } = await apps.readNamespacedDeployment(which);
      return (
        status?.observedGeneration === metadata?.generation &&
        status?.updatedReplicas === spec?.replicas &&
        status?.availableReplicas === spec?.replicas &&
        status?.replicas === spec?.replicas
      );
    },
    { timeout: 180_000, describe: () => `${controller} does not run as it is to` },
  );
}

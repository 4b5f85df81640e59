import assert from "node:assert/strict";
import {
  AppsV1Api,
  CoreV1Api,
  PatchStrategy,
  RbacAuthorizationV1Api,
  setHeaderOptions,
  type V1Container,
} from "@kubernetes/client-node";
import { stringify } from "yaml";
import { clusterAdminFor, keepsSyncing, nestedSync } from "../support/attack.js";
import { programThatOnlyAudits } from "../support/audit-only.js";
import { type TestEnvironment, TestSandbox } from "../support/sandbox.js";
import { Tenant } from "../support/tenant.js";
import { waitFor } from "../support/wait-for.js";

/**
 * The attacks of pushed-attacks.test.ts once more, with one control less each time: what is refused there is refused by
 * that control, for without it the attack succeeds. In a sandbox of its own, which is thrown away with the damage.
 */
describe("lockdown: without a control, the attack that it stops", function () {
  this.timeout(30 * 60_000);
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let payments: Tenant;
  let search: Tenant;
  before(async () => {
    sandbox = await TestSandbox.create();
    staging = await sandbox.environment();
    await staging.engine.up({ cwd: await programThatOnlyAudits(sandbox, staging.stack) });
    payments = await Tenant.of(sandbox, staging, "team-payments");
    search = await Tenant.of(sandbox, staging, "team-search");
  });
  after(() => sandbox?.end());
  afterEach(() => payments?.restore());

  it("without --no-cross-namespace-refs, a tenant gets what is in another's repository", async () => {
    const secret = await keepsSyncing(search, staging);
    const { name, namespace } = search;
    const theft = nestedSync("nested", {
      serviceAccountName: "reconciler",
      targetNamespace: payments.namespace,
      sourceRef: { kind: "GitRepository", name, namespace },
      path: "./deploy/staging",
    });
    await payments.push(theft);
    const nested = payments.own("Kustomization", "nested");
    await payments.flux.waitForRefusal(nested, /cross-namespace references have been blocked/);

    await removeArgument(staging, "--no-cross-namespace-refs");

    const core = staging.kubernetes.client(CoreV1Api);
    const stolen = await waitFor(
      async () =>
        (await core.readNamespacedConfigMap({ namespace: payments.namespace, name: "sign-of-life" })).data?.value,
      { timeout: 180_000, describe: () => "what team-search pushed is in the namespace of team-payments" },
    );
    assert.equal(stolen, secret);
  });

  it("without --default-service-account, a sync that names no account has kustomize-controller's rights", async () => {
    await payments.clone.write({
      "attack/admin.yaml": stringify(clusterAdminFor("pushed-admin", payments.namespace)),
    });
    await payments.push(
      nestedSync("nested", { sourceRef: { kind: "GitRepository", name: payments.name }, path: "./attack" }),
    );
    const nested = payments.own("Kustomization", "nested");
    await payments.flux.waitForRefusal(nested, /User "system:serviceaccount:payments:default" cannot patch/);

    await removeArgument(staging, "--default-service-account");

    // The second line of defence: the controller has no rights of its own to lend.
    await payments.flux.waitForRefusal(
      nested,
      /User "system:serviceaccount:flux-system:kustomize-controller" cannot patch resource "clusterrolebindings"/,
    );

    // As Flux is released, it has all of them.
    const rbac = staging.kubernetes.client(RbacAuthorizationV1Api);
    await rbac.createClusterRoleBinding({
      body: {
        metadata: { name: "as-released" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ kind: "ServiceAccount", name: "kustomize-controller", namespace: "flux-system" }],
      },
    });
    const pushed = await waitFor(() => rbac.readClusterRoleBinding({ name: "pushed-admin" }), {
      timeout: 180_000,
      describe: () => "the tenant's ClusterRoleBinding exists",
    });
    assert.equal(pushed.roleRef.name, "cluster-admin");
  });
});

/** Starts kustomize-controller without an argument that the program gives it, and waits until that is what runs. */
async function removeArgument({ kubernetes }: TestEnvironment, flag: string): Promise<void> {
  const apps = kubernetes.client(AppsV1Api);
  const which = { namespace: "flux-system", name: "kustomize-controller" };
  const before = await apps.readNamespacedDeployment(which);
  const isFlag = (argument: string) => argument.split("=")[0] === flag;
  const containers = (before.spec?.template.spec?.containers ?? []).map(({ name, args = [] }): V1Container => {
    assert.equal(args.filter(isFlag).length, 1, `${name} is not given ${flag} once: ${args.join(" ")}`);
    return { name, args: args.filter((argument) => !isFlag(argument)) };
  });
  await apps.patchNamespacedDeployment(
    { ...which, body: { spec: { template: { spec: { containers } } } } },
    setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
  );
  await waitFor(
    async () => {
      const { metadata, status } = await apps.readNamespacedDeployment(which);
      return (
        status?.observedGeneration === metadata?.generation &&
        status?.updatedReplicas === 1 &&
        status.availableReplicas === 1 &&
        status.replicas === 1
      );
    },
    { timeout: 180_000, describe: () => `kustomize-controller runs without ${flag}` },
  );
}

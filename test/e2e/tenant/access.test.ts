import assert from "node:assert/strict";
import { AppsV1Api, CoreV1Api, CustomObjectsApi, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import type { TestEnvironment } from "../../support/e2e/sandbox.js";
import { declareTenant } from "../../support/e2e/shared-stack.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { deployment, podSpec } from "../../support/objects/workloads.js";

const namespace = "team-access";
const access = { viewers: ["access-viewers"], operators: ["access-operators"] } as const;
/** A Deployment of the tenant. */
const name = "web";

/** The people of a tenant on the cluster: their groups are in its file. */
describe("A tenant's people, by their groups", function () {
  this.timeout(15 * 60_000);
  const shared = declareTenant(namespace, () => ({ base: { access } }));
  let staging: TestEnvironment;

  /** Options of a call that make it one of a member of the group. */
  const asMember = (group: string) => setHeaderOptions("Impersonate-Group", group);
  const person = () => staging.kubernetes.impersonating("ann");
  const core = () => person().makeApiClient(CoreV1Api);
  const apps = () => person().makeApiClient(AppsV1Api);
  const merge = (group: string) => setHeaderOptions("Content-Type", PatchStrategy.MergePatch, asMember(group));
  const scale = (group: string, replicas: number) =>
    apps().patchNamespacedDeploymentScale({ namespace, name, body: { spec: { replicas } } }, merge(group));

  before(async () => {
    ({ staging } = await shared());
    await staging.kubernetes.objects().create(deployment({ name, namespace }, podSpec(), { replicas: 1 }));
  });

  it("let viewers read, Flux's status too, but no Secrets and no other namespace", async () => {
    const group = access.viewers[0];
    const { items } = await apps().listNamespacedDeployment({ namespace }, asMember(group));
    assert.deepEqual(
      items.map(({ metadata }) => metadata?.name),
      [name],
    );
    const sync = await person().makeApiClient(CustomObjectsApi).getNamespacedCustomObject(
      {
        group: "kustomize.toolkit.fluxcd.io",
        version: "v1",
        plural: "kustomizations",
        namespace,
        name: namespace,
      },
      asMember(group),
    );
    assert.ok((sync as { spec?: object }).spec);
    await forbidden(core().listNamespacedSecret({ namespace }, asMember(group)), "secrets");
    await forbidden(core().readNamespacedSecret({ namespace, name: "tenant-git" }, asMember(group)), "secrets");
    await forbidden(core().listNamespacedPod({ namespace: "flux-system" }, asMember(group)), "pods");
    await forbidden(scale(group, 2), "deployments/scale");
  });

  it("let operators scale workloads and delete pods, but change neither workloads nor limits", async () => {
    const group = access.operators[0];
    assert.equal((await scale(group, 2)).spec?.replicas, 2);
    await core()
      .deleteCollectionNamespacedPod({ namespace, dryRun: "All" }, asMember(group))
      .then(
        () => assert.fail("only one pod at a time"),
        (error: unknown) => assert.match(String(error), /cannot deletecollection resource/),
      );
    const pod = await waitFor(
      async () => (await core().listNamespacedPod({ namespace, labelSelector: "app=web" }, asMember(group))).items[0],
      { describe: () => "the Deployment has a pod" },
    );
    await core().deleteNamespacedPod({ namespace, name: pod.metadata?.name ?? "" }, asMember(group));
    await forbidden(
      apps().patchNamespacedDeployment({ namespace, name, body: { spec: { paused: true } } }, merge(group)),
      "deployments",
    );
    const quota = { namespace, name: "tenant", body: { spec: { hard: { pods: "9999" } } } };
    await forbidden(core().patchNamespacedResourceQuota(quota, merge(group)), "resourcequotas");
    await forbidden(core().listNamespacedSecret({ namespace }, asMember(group)), "secrets");
  });

  it("let in no one of another group", async () => {
    await forbidden(core().listNamespacedPod({ namespace }, asMember("access-visitors")), "pods");
  });
});

/** The API server refuses, and names the resource. */
async function forbidden(request: Promise<unknown>, resource: string): Promise<void> {
  await assert.rejects(request, (error: unknown) => {
    assert.equal((error as { code?: number }).code, 403, String(error));
    assert.match(String(error), new RegExp(`cannot \\w+ resource \\\\*"${resource}`));
    return true;
  });
}

import assert from "node:assert/strict";
import { namespaceGone } from "@fleet/sandbox/test/cluster";
import { ApiException, CoreV1Api, CustomObjectsApi, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { type KubernetesObject, withLabels } from "../../../lib/kubernetes/object.js";
import { FLUX_NAMESPACE, tenantLabels } from "../../../lib/kubernetes/ownership-labels.js";
import { fixedPolicies } from "../../../policies/admission/policies.js";
import { DryRun, refusal } from "../../support/e2e/dry-run.js";
import type { KubernetesClients } from "../../support/e2e/kubernetes-clients.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { configMap, secret as secretOf, serviceAccount } from "../../support/objects/configuration.js";
import { networkPolicy } from "../../support/objects/network.js";
import { object } from "../../support/objects/object.js";
import {
  account as accountOf,
  clusterRoleBinding,
  reconcilerOf,
  roleBinding,
  user,
} from "../../support/objects/rbac.js";
import { gitRepository, gitSource } from "../../support/objects/sources.js";
import { kustomization as kustomizationOf } from "../../support/objects/syncs.js";
import { fleetSpec } from "../../support/unit/spec.js";
import { apply, type BareCluster, bareCluster, clear, enforce, objectsOf, prepare } from "./bare-cluster.js";

const namespace = "team-a";
const labels = tenantLabels("staging", "team-a");
const owned = { name: "owned", namespace, labels };

const finalizers = ["finalizers.fluxcd.io"];
const sourceRef = gitSource("owned");
const quota = object("ResourceQuota", owned, { spec: { hard: { pods: "4" } } });
const limits = object("LimitRange", owned, { spec: { limits: [] } });
const wall = networkPolicy(owned);
const secret = secretOf(owned, { identity: "made up" });
const sync = kustomizationOf({ ...owned, finalizers }, { sourceRef });
const source = gitRepository(owned, "ssh://git@github.com/acme/team-a.git");
const account = serviceAccount({ ...owned, name: "reconciler" });
const binding = object("RoleBinding", { ...owned, name: "reconciler" });
const home = object("Namespace", { name: namespace });
const everything = [quota, limits, wall, secret, sync, source, account, binding];

/** Older than the policies, and against them; a controller's finalizer is still on it. */
const olderSync = kustomizationOf(
  { name: "older", namespace, finalizers },
  { sourceRef, serviceAccountName: "default", interval: "1s" },
);

const platforms = /belongs to the platform: remove it from your manifests, and ask the platform team for a change/;
const platformsNamespace = /only the platform may change tenants' namespaces, with their labels and annotations/;

/** The pipeline of the platform team. */
const pipeline = clusterRoleBinding({ name: "pipeline" }, "cluster-admin", user("pipeline@example.com"));

/**
 * The tenant has cluster-admin here, bound within its namespace: RBAC lets it do everything there, so that it is the
 * policies alone that stop it.
 */
describe("What the platform owns in a tenant's namespace, on a bare cluster", function () {
  this.timeout(90 * 60_000);
  let clients: KubernetesClients;
  let cluster: BareCluster;
  let tenant: DryRun;
  const as = (user: string) => new DryRun(clients.impersonating(user));

  before(async () => {
    cluster = await bareCluster();
    ({ clients } = cluster);
    await prepare(cluster, namespace);
    const objects = [
      ...everything.filter((object) => object !== account && object !== binding),
      olderSync,
      roleBinding(
        { name: "far-too-much", namespace },
        "ClusterRole/cluster-admin",
        reconcilerOf({ namespace }),
        // Which has less by itself than the policies would let it do.
        accountOf("kustomize-controller", FLUX_NAMESPACE),
        accountOf("addon", "kube-system"),
      ),
      pipeline,
      roleBinding({ name: "developer", namespace }, "ClusterRole/cluster-admin", user("developer@example.com")),
    ];
    // A kind is found by clients some moments after it is served.
    await waitFor(() => apply(cluster, objects).then(() => true), { describe: () => "not everything is applied" });
    tenant = new DryRun(await clients.serviceAccount(namespace, "reconciler"));
    await waitFor(async () => (await tenant.change(quota, change)) === undefined, {
      describe: () => "the tenant's account has no rights",
    });
  });
  after(async () => {
    if (cluster === undefined) return;
    await clients.objects().delete(pipeline);
    // No controller of Flux runs here. Without the last test, the namespace would wait for their finalizers without end.
    const api = clients.client(CustomObjectsApi);
    for (const name of ["owned", "older"]) await withoutFinalizers(api, name).catch(unlessGone);
    await clear(cluster);
  });

  const change = { metadata: { annotations: { changed: "by a tenant" } } };
  const unlabelled = { metadata: { labels: { "app.kubernetes.io/managed-by": null } } };
  const untenanted = { metadata: { labels: { "fleet.dev/tenant": null } } };
  const stranger = configMap({ name: "mine", namespace });
  const lookNow = { metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": "now" } } };

  it("is the tenant's to change and remove while no policy is there", async () => {
    for (const object of [...everything, home]) {
      assert.equal(await tenant.change(object, change), undefined, object.kind);
      assert.equal(await tenant.change(object, unlabelled), undefined, object.kind);
      assert.equal(await tenant.remove(object), undefined, object.kind);
    }
  });

  describe("with the policies", () => {
    before(async () => {
      await enforce(cluster, objectsOf(fixedPolicies(fleetSpec())));
      for (const object of [quota, home]) {
        await waitFor(async () => (await tenant.change(object, change)) !== undefined, {
          describe: () => `a change of the ${object.kind} is not refused`,
        });
      }
    });

    for (const object of everything) {
      it(`refuses a tenant every change of its ${object.kind}, and its removal`, async () => {
        assert.match((await tenant.change(object, change)) ?? "", platforms);
        assert.match((await tenant.change(object, unlabelled)) ?? "", platforms);
        assert.match((await tenant.remove(object)) ?? "", platforms);
      });
    }

    it("refuses a tenant every change of its namespace, and its removal", async () => {
      for (const wanted of [
        change,
        untenanted,
        { metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } } },
      ]) {
        assert.match((await tenant.change(home, wanted)) ?? "", platformsNamespace);
      }
      assert.match((await tenant.remove(home)) ?? "", platformsNamespace);
    });

    it("refuses it to a tenant's people as well, under any user name", async () => {
      assert.match((await as("developer@example.com").change(quota, change)) ?? "", platforms);
      assert.match((await as("developer@example.com").change(home, untenanted)) ?? "", platformsNamespace);
    });

    it("refuses a removal of many at once", async () => {
      const core = (await clients.serviceAccount(namespace, "reconciler")).makeApiClient(CoreV1Api);
      const all = core.deleteCollectionNamespacedSecret({ namespace, dryRun: "All" });
      assert.match((await refusal(all)) ?? "", platforms);
    });

    it("refuses a tenant the platform's label on an object of its own, and says what to do", async () => {
      // Two policies refuse it, and the API server tells one of them.
      const said = /marks? the platform's own objects: remove (it|them) from your object/;
      assert.match((await tenant.create(withLabels(stranger, labels))) ?? "", said);
      const rest = configMap({ name: "kube-root-ca.crt", namespace });
      assert.match((await tenant.change(rest, { metadata: { labels } })) ?? "", said);
    });

    it("refuses a tenant the status of what it does not own", async () => {
      const api = (await clients.serviceAccount(namespace, "reconciler")).makeApiClient(CustomObjectsApi);
      const lie = api.patchNamespacedCustomObjectStatus({ ...kustomization, body: ready }, mergePatch);
      assert.match((await refusal(lie)) ?? "", platforms);
    });

    it("lets a tenant have objects of its own, and have Flux look now", async () => {
      assert.equal(await tenant.create(stranger), undefined);
      assert.equal(await tenant.change(sync, lookNow), undefined);
      assert.equal(await tenant.change(source, lookNow), undefined);
      assert.match((await tenant.change(secret, lookNow)) ?? "", platforms);
      assert.match((await tenant.change(sync, { ...lookNow, spec: { suspend: true } })) ?? "", platforms);
      const ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name: "mine", uid: "of-a-test" }];
      assert.match(
        (await tenant.change(sync, { metadata: { ...lookNow.metadata, ownerReferences } })) ?? "",
        platforms,
      );
      // Two policies refuse it, and the API server tells one of them.
      assert.match(
        (await tenant.change(sync, { metadata: { ...lookNow.metadata, finalizers: ["a/b"] } })) ?? "",
        new RegExp(`${platforms.source}|fleet-finalizers`),
      );
    });

    it("lets the platform do everything, under any user name", async () => {
      for (const platform of [new DryRun(clients.admin), as("pipeline@example.com")]) {
        for (const object of [...everything, home]) {
          assert.equal(await platform.change(object, change), undefined, object.kind);
          assert.equal(await platform.remove(object), undefined, object.kind);
        }
        assert.equal(await platform.create(withLabels(stranger, labels)), undefined);
      }
    });

    it("lets Flux's controllers write finalizers, status and requests to look, and no more", async () => {
      const user = "system:serviceaccount:flux-system:kustomize-controller";
      const controller = as(user);
      assert.equal(
        await controller.change(sync, { metadata: { finalizers: ["finalizers.fluxcd.io", "a/b"] } }),
        undefined,
      );
      assert.equal(await controller.change(sync, lookNow), undefined);
      const api = clients.impersonating(user).makeApiClient(CustomObjectsApi);
      await api.patchNamespacedCustomObjectStatus({ ...kustomization, body: ready }, mergePatch);
      assert.match((await controller.change(sync, { spec: { suspend: true } })) ?? "", platforms);
      assert.match((await controller.change(sync, unlabelled)) ?? "", platforms);
      assert.match((await controller.remove(sync)) ?? "", platforms);
    });

    it("refuses it to other accounts of kube-system, those of addons for example", async () => {
      const addon = as("system:serviceaccount:kube-system:addon");
      for (const object of [secret, quota]) {
        assert.match((await addon.remove(object)) ?? "", platforms);
        assert.match((await addon.change(object, change)) ?? "", platforms);
      }
      assert.match((await addon.change(home, untenanted)) ?? "", platformsNamespace);
    });

    it("lets Kubernetes' own controllers remove what they must", async () => {
      const collector = as("system:serviceaccount:kube-system:generic-garbage-collector");
      assert.equal(await collector.remove(secret), undefined);
      const remover = as("system:serviceaccount:kube-system:namespace-controller");
      for (const object of everything) assert.equal(await remover.remove(object), undefined, object.kind);
    });

    it("lets the quota count, and the namespace go with all that is in it, older objects included", async () => {
      const core = clients.client(CoreV1Api);
      await waitFor(
        async () => (await core.readNamespacedResourceQuota({ namespace, name: "owned" })).status?.used?.pods === "0",
        { describe: () => "the quota's status is not written" },
      );
      await core.deleteNamespace({ name: namespace });
      const api = clients
        .impersonating("system:serviceaccount:flux-system:kustomize-controller")
        .makeApiClient(CustomObjectsApi);
      for (const name of ["owned", "older"]) {
        await waitFor(
          async () => {
            const found = (await api.getNamespacedCustomObject({ ...kustomization, name })) as KubernetesObject;
            return found.metadata.deletionTimestamp !== undefined;
          },
          { describe: () => `the Kustomization ${name} is not being removed` },
        );
        await withoutFinalizers(api, name);
      }
      await namespaceGone(clients.admin, namespace);
    });
  });
});

const kustomization = {
  group: "kustomize.toolkit.fluxcd.io",
  version: "v1",
  plural: "kustomizations",
  namespace,
  name: "owned",
};
const ready = { status: { observedGeneration: 1 } };
const mergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

/** Removes the finalizers of a Kustomization, as its controller does at the end. */
async function withoutFinalizers(api: CustomObjectsApi, name: string): Promise<void> {
  const body = { metadata: { finalizers: [] } };
  await api.patchNamespacedCustomObject({ ...kustomization, name, body }, mergePatch);
}

/** @throws the error, unless it says that an object is gone */
function unlessGone(error: unknown): void {
  if (!(error instanceof ApiException && error.code === 404)) throw error;
}

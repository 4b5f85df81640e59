import assert from "node:assert/strict";
import { namespaceGone } from "@fleet/sandbox/test/cluster";
import { CoreV1Api, CustomObjectsApi, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { FLUX_NAMESPACE, tenantLabels } from "../../../lib/kubernetes/ownership-labels.js";
import { fixedPolicies } from "../../../policies/admission/policies.js";
import { DryRun, refusal } from "../../support/e2e/dry-run.js";
import type { KubernetesClients } from "../../support/e2e/kubernetes-clients.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { fleetSpec } from "../../support/unit/spec.js";
import { apply, type BareCluster, objectsOf, prepare, startBareCluster } from "./bare-cluster.js";

const namespace = "team-a";
const rbac = "rbac.authorization.k8s.io";
const labels = tenantLabels("staging", "team-a");
const owned = { name: "owned", namespace, labels };

const quota: KubernetesObject = {
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: owned,
  spec: { hard: { pods: "4" } },
};
const limits: KubernetesObject = { apiVersion: "v1", kind: "LimitRange", metadata: owned, spec: { limits: [] } };
const wall: KubernetesObject = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: owned,
  spec: { podSelector: {} },
};
const secret: KubernetesObject = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: owned,
  stringData: { identity: "made up" },
};
const sync: KubernetesObject = {
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  metadata: { ...owned, finalizers: ["finalizers.fluxcd.io"] },
  spec: {
    interval: "1m",
    prune: true,
    serviceAccountName: "reconciler",
    sourceRef: { kind: "GitRepository", name: "owned" },
  },
};
const source: KubernetesObject = {
  apiVersion: "source.toolkit.fluxcd.io/v1",
  kind: "GitRepository",
  metadata: owned,
  spec: { interval: "1m", url: "ssh://git@github.com/acme/team-a.git" },
};
const account: KubernetesObject = {
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { ...owned, name: "reconciler" },
};
const binding: KubernetesObject = {
  apiVersion: `${rbac}/v1`,
  kind: "RoleBinding",
  metadata: { ...owned, name: "reconciler" },
};
const home: KubernetesObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
const everything = [quota, limits, wall, secret, sync, source, account, binding];

/** Older than the policies, and against them; a controller's finalizer is still on it. */
const olderSync: KubernetesObject = {
  ...sync,
  metadata: { name: "older", namespace, finalizers: ["finalizers.fluxcd.io"] },
  spec: { ...(sync.spec as object), serviceAccountName: "default", interval: "1s" },
};

const platforms = /belongs to the platform: remove it from your manifests, and ask the platform team for a change/;
const platformsNamespace = /only the platform may change tenants' namespaces, with their labels and annotations/;

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
    cluster = await startBareCluster("owned");
    ({ clients } = cluster);
    await prepare(cluster, namespace);
    const objects = [
      ...everything.filter((object) => object !== account && object !== binding),
      olderSync,
      {
        apiVersion: `${rbac}/v1`,
        kind: "RoleBinding",
        metadata: { name: "far-too-much", namespace },
        roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" },
        subjects: [
          { kind: "ServiceAccount", name: "reconciler", namespace },
          // Which has less by itself than the policies would let it do.
          { kind: "ServiceAccount", name: "kustomize-controller", namespace: FLUX_NAMESPACE },
        ],
      },
      {
        apiVersion: `${rbac}/v1`,
        kind: "ClusterRoleBinding",
        metadata: { name: "pipeline" },
        roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ apiGroup: rbac, kind: "User", name: "pipeline@example.com" }],
      },
      {
        apiVersion: `${rbac}/v1`,
        kind: "RoleBinding",
        metadata: { name: "developer", namespace },
        roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ apiGroup: rbac, kind: "User", name: "developer@example.com" }],
      },
    ];
    // A kind is found by clients some moments after it is served.
    await waitFor(() => apply(cluster, objects).then(() => true), { describe: () => "not everything is applied" });
    tenant = new DryRun(await clients.serviceAccount(namespace, "reconciler"));
    await waitFor(async () => (await tenant.change(quota, change)) === undefined, {
      describe: () => "the tenant's account has no rights",
    });
  });
  after(() => cluster?.end());

  const change = { metadata: { annotations: { "example.com/changed": "by a tenant" } } };
  const unlabelled = { metadata: { labels: { "app.kubernetes.io/managed-by": null } } };
  const untenanted = { metadata: { labels: { "fleet.dev/tenant": null } } };
  const stranger: KubernetesObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "mine", namespace } };
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
      await apply(cluster, objectsOf(fixedPolicies(fleetSpec())));
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

    it("refuses it to a tenant's people as well, whatever they are called", async () => {
      assert.match((await as("developer@example.com").change(quota, change)) ?? "", platforms);
      assert.match((await as("developer@example.com").change(home, untenanted)) ?? "", platformsNamespace);
    });

    it("refuses a removal of many at once", async () => {
      const core = (await clients.serviceAccount(namespace, "reconciler")).makeApiClient(CoreV1Api);
      const all = core.deleteCollectionNamespacedSecret({ namespace, dryRun: "All" });
      assert.match((await refusal(all)) ?? "", platforms);
    });

    it("refuses a tenant the platform's label on an object of its own, and says what to do", async () => {
      const said = /marks the platform's own objects: remove it from your object/;
      assert.match((await tenant.create({ ...stranger, metadata: { ...stranger.metadata, labels } })) ?? "", said);
      const rest = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "kube-root-ca.crt", namespace } };
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

    it("lets the platform do everything, by whatever name it is known", async () => {
      for (const platform of [new DryRun(clients.admin), as("pipeline@example.com")]) {
        for (const object of [...everything, home]) {
          assert.equal(await platform.change(object, change), undefined, object.kind);
          assert.equal(await platform.remove(object), undefined, object.kind);
        }
        assert.equal(await platform.create({ ...stranger, metadata: { ...stranger.metadata, labels } }), undefined);
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
        const body = { metadata: { finalizers: [] } };
        await api.patchNamespacedCustomObject({ ...kustomization, name, body }, mergePatch);
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

import assert from "node:assert/strict";
import {
  AppsV1Api,
  CoreV1Api,
  KubernetesObjectApi,
  NetworkingV1Api,
  PatchStrategy,
  type V1Deployment,
} from "@kubernetes/client-node";
import { assertForbidden } from "../../support/e2e/dry-run.js";
import { takeOutOfReach } from "../../support/e2e/out-of-reach.js";
import type { TestEnvironment } from "../../support/e2e/sandbox.js";
import { declareTenant } from "../../support/e2e/shared-stack.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { service } from "../../support/objects/network.js";
import { type Fields, object as objectOf } from "../../support/objects/object.js";
import { bucket, helmRepository } from "../../support/objects/sources.js";
import { amounts, deployment as deploymentOf, pod, podSpec } from "../../support/objects/workloads.js";

const team = "team-limits";

/**
 * A tenant of the size small: 4 cores, 20 objects of each of Flux's kinds. Admission policies do not reach its namespace,
 * so that it is the limits that refuse.
 */
describe("A tenant's limits", function () {
  this.timeout(15 * 60_000);
  const shared = declareTenant(team, () => ({
    base: { network: { egress: [{ cidr: "203.0.113.0/24", ports: [443] }] } },
  }));
  let staging: TestEnvironment;
  let tenant: Tenant;
  let core: CoreV1Api;
  let apps: AppsV1Api;
  /** The API as the account that applies the tenant's pushes. */
  let reconciler: KubernetesObjectApi;
  let putBack: (() => Promise<void>) | undefined;

  after(() => putBack?.());
  before(async () => {
    const stack = await shared();
    ({ staging } = stack);
    tenant = await Tenant.of(stack.sandbox, staging, team);
    putBack = await takeOutOfReach(staging, tenant.namespace, [
      pod(own("nothing-declared"), declaring()),
      open("ExternalName", { externalName: "elsewhere.example.com" }),
      charts("elsewhere"),
    ]);
    core = staging.kubernetes.client(CoreV1Api);
    apps = staging.kubernetes.client(AppsV1Api);
    const account = await staging.kubernetes.serviceAccount(tenant.namespace, "reconciler");
    reconciler = KubernetesObjectApi.makeApiClient(account);
  });

  /** Metadata of an object in the tenant's namespace. */
  const own = (name: string) => ({ name, namespace: tenant.namespace });
  const open = (type: string, spec: Fields) => service(own("open"), { type, ...spec });
  const charts = (name: string) =>
    helmRepository(own(name), "https://charts.example.com", { interval: "1h", suspend: true });
  const deployment = (name: string): Promise<V1Deployment> =>
    apps.readNamespacedDeployment({ namespace: tenant.namespace, name });
  const usage = async (name: string) =>
    (await core.readNamespacedResourceQuota({ namespace: tenant.namespace, name })).status?.used ?? {};

  it("exist when the tenant's first sync has been applied, and count the objects of the namespace", async () => {
    await tenant.applied(await tenant.clone.git("rev-parse", "HEAD"));
    const { spec, status } = await core.readNamespacedResourceQuota({ namespace: tenant.namespace, name: "tenant" });
    assert.deepEqual(status?.hard, spec?.hard);
    assert.equal(spec?.hard?.["limits.cpu"], "4");
    // The deploy key; the cluster's certificates and the scaffold's greeting. What was made while Kubernetes counted for
    // the first time, it counts the next time.
    await waitFor(
      async () => {
        const used = await usage("tenant");
        return used["count/secrets"] === "1" && used["count/configmaps"] === "2";
      },
      { timeout: 60_000, describe: async () => `the quota counts otherwise: ${JSON.stringify(await usage("tenant"))}` },
    );
  });

  it("give default limits to a container that declares none, and let it run", async () => {
    await tenant.applied(await tenant.push(deploymentOf({ name: "modest" }, declaring(), { replicas: 2 })));
    const { items } = await core.listNamespacedPod({ namespace: tenant.namespace, labelSelector: "app=modest" });
    assert.equal(items.length, 2);
    for (const { spec } of items) {
      assert.deepEqual(
        { ...spec?.containers[0]?.resources },
        {
          requests: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "128Mi" },
          limits: { cpu: "200m", memory: "256Mi", "ephemeral-storage": "1Gi" },
        },
      );
    }
  });

  it("count the objects that Kubernetes makes of workloads", async () => {
    const counted = "count/replicasets.apps";
    const quota = await core.readNamespacedResourceQuota({ namespace: tenant.namespace, name: "tenant" });
    assert.equal(quota.status?.hard?.[counted], "600");
    await waitFor(async () => (await usage("tenant"))[counted] === "1", {
      timeout: 60_000,
      describe: async () => `the quota counts otherwise: ${JSON.stringify(await usage("tenant"))}`,
    });
  });

  it("refuse a pod that is larger than the quota, and name the maximum", async () => {
    await assertForbidden(
      reconciler.create(pod(own("huge"), declaring("5"))),
      /maximum cpu usage per Container is 4, but limit is 5/,
    );
  });

  it("refuse a Service that opens a port on every node, or creates a load balancer", async () => {
    for (const [type, resource] of [
      ["NodePort", "services.nodeports"],
      ["LoadBalancer", "services.loadbalancers"],
    ] as const) {
      const exposed = open(type, { selector: { app: "modest" } });
      await assertForbidden(reconciler.create(exposed), new RegExp(`exceeded quota: tenant, .*${resource}=1`));
    }
  });

  it("refuse the twenty-first object of a Flux kind, once the cluster counts the kind", async () => {
    const counted = "count/buckets.source.toolkit.fluxcd.io";
    await waitFor(async () => (await usage("tenant-flux"))[counted] === "0", {
      timeout: 120_000,
      describe: async () => `the quota counts Flux's kinds: ${JSON.stringify(await usage("tenant-flux"))}`,
    });
    const stored = (index: number) =>
      bucket(own(`data-${index}`), "data.example.com", { interval: "1h", suspend: true });
    // Admission counts each at once, but Kubernetes' regular recount may happen at the same time. Then admission
    // reports a conflict, or the recount sees too few objects until the next one.
    for (let index = 1; index <= 20; index++) {
      await waitFor(() => reconciler.create(stored(index)), { describe: () => `data-${index} is not made` });
    }
    let looks = 0;
    await waitFor(
      async () => {
        looks = (await usage("tenant-flux"))[counted] === "20" ? looks + 1 : 0;
        // By the third, no recount is under way that began before the last was made.
        return looks === 3;
      },
      { describe: async () => `the quota counts otherwise: ${JSON.stringify(await usage("tenant-flux"))}` },
    );
    await assertForbidden(reconciler.create(stored(21)), /exceeded quota: tenant-flux, .*buckets.*limited: .*=20/);
    for (let index = 1; index <= 20; index++) await reconciler.delete(stored(index));
  });

  it("cannot be changed or deleted by the tenant", async () => {
    for (const [kind, name, spec] of [
      ["ResourceQuota", "tenant", { hard: { "limits.cpu": "1000" } }],
      ["ResourceQuota", "tenant-flux", { hard: {} }],
      ["LimitRange", "tenant", { limits: [] }],
    ] as const) {
      const object = objectOf(kind, own(name), { spec });
      const forbidden = (verb: string) => new RegExp(`cannot ${verb} resource \\\\?"${kind.toLowerCase()}`);
      const patch = reconciler.patch(object, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
      await assertForbidden(patch, forbidden("patch"));
      await assertForbidden(reconciler.delete(object), forbidden("delete"));
      await assertForbidden(reconciler.create(objectOf(kind, own("mine"), { spec })), /cannot create/);
    }
  });

  it("cannot be replaced by a push", async () => {
    await tenant.push(objectOf("ResourceQuota", { name: "tenant" }, { spec: { hard: { pods: "9999" } } }));
    await tenant.flux.waitForRefusal(tenant.sync, /cannot patch resource "resourcequotas"/);
  });

  it("show in a pushed Deployment why some of its pods are refused", async () => {
    // Wait until the former pods are gone and counted: a recount at the first pod would report a conflict instead.
    await tenant.applied(await tenant.push());
    await waitFor(async () => (await usage("tenant")).pods === "0", {
      describe: async () => `the quota counts otherwise: ${JSON.stringify(await usage("tenant"))}`,
    });
    await tenant.push(deploymentOf({ name: "greedy" }, declaring("3"), { replicas: 3 }));
    const condition = await waitFor(
      async () => (await deployment("greedy")).status?.conditions?.find(({ type }) => type === "ReplicaFailure"),
      { timeout: 240_000, describe: async () => JSON.stringify((await tenant.flux.get(tenant.sync)).status) },
    );
    assert.equal(condition.reason, "FailedCreate");
    assert.match(
      condition.message ?? "",
      /exceeded quota: tenant, requested: limits\.cpu=3,requests\.cpu=3, used: .* limited: /,
    );
    assert.ok(((await deployment("greedy")).status?.replicas ?? 0) < 3);
  });

  it("come with the network policy that the tenant's file describes", async () => {
    const network = staging.kubernetes.client(NetworkingV1Api);
    const { items } = await network.listNamespacedNetworkPolicy({ namespace: tenant.namespace });
    assert.equal(items.length, 1);
    const { podSelector, policyTypes, egress } = items[0]?.spec ?? {};
    assert.deepEqual({ ...podSelector }, {});
    assert.deepEqual(policyTypes, ["Ingress", "Egress"]);
    const blocks = egress?.flatMap(({ to = [] }) => to).map(({ ipBlock }) => ipBlock?.cidr);
    assert.deepEqual(blocks, [undefined, undefined, "169.254.20.10/32", "203.0.113.0/24"]);
  });

  describe("with the control off", () => {
    before(async () => {
      const which = { namespace: tenant.namespace, name: "tenant" };
      await core.deleteNamespacedResourceQuota(which);
      await core.deleteNamespacedLimitRange(which);
    });

    it("admit the same pod", async () => {
      const admitted = await waitFor(() => reconciler.create(pod(own("huge"), declaring("5"))), {
        describe: () => "the API server has noticed that the limits are gone",
      });
      assert.equal(admitted.metadata?.name, "huge");
    });

    it("let the same Deployment have all of its pods", async () => {
      await waitFor(async () => (await deployment("greedy")).status?.availableReplicas === 3, {
        timeout: 240_000,
        describe: async () => JSON.stringify((await deployment("greedy")).status),
      });
    });
  });
});

/** A container that declares this many cores, or nothing. */
function declaring(cpu?: string) {
  return podSpec(cpu === undefined ? { resources: {} } : amounts({ cpu, memory: "64Mi" }));
}

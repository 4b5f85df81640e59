import assert from "node:assert/strict";
import { CoreV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { fixedPolicies } from "../../../policies/admission/policies.js";
import { refusal } from "../../support/e2e/dry-run.js";
import type { KubernetesClients } from "../../support/e2e/kubernetes-clients.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { NAME } from "../../support/objects/object.js";
import { reconcilerOf, role, roleBinding } from "../../support/objects/rbac.js";
import { daemonSet, pod as podOf, podSpec } from "../../support/objects/workloads.js";
import { fleetSpec } from "../../support/unit/spec.js";
import { apply, type BareCluster, bareCluster, clear, enforce, objectsOf, prepare } from "./bare-cluster.js";

const namespace = "team-a";
const name = NAME;
/** In seconds. */
const year = 31_536_000;
const everyTaint = { operator: "Exists" };

/** How pods come to their end, and what becomes of their nodes: asked by the tenant, and done by Kubernetes. */
describe("Admission policies, on pods that run", function () {
  this.timeout(90 * 60_000);
  let cluster: BareCluster;
  let clients: KubernetesClients;
  let core: CoreV1Api;
  /** The API as the tenant has it. */
  let tenant: CoreV1Api;

  before(async () => {
    cluster = await bareCluster();
    ({ clients } = cluster);
    await prepare(cluster, namespace);
    core = clients.client(CoreV1Api);
    tenant = (await clients.serviceAccount(namespace, "reconciler")).makeApiClient(CoreV1Api);
    await apply(cluster, mayEvict);
    await clients.objects().create(podOf({ namespace }));
    await clients.objects().create(slow);
  });
  after(() => cluster && clear(cluster));

  /** @param gracePeriodSeconds how long the pod may take. @default as its spec says */
  const end = (pod: string, gracePeriodSeconds?: number, who = tenant) => {
    const period = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds };
    return refusal(who.deleteNamespacedPod({ name: pod, namespace, dryRun: "All", ...period }));
  };
  const endAll = (gracePeriodSeconds: number) =>
    refusal(tenant.deleteCollectionNamespacedPod({ namespace, body: { gracePeriodSeconds, dryRun: ["All"] } }));
  const evict = (gracePeriodSeconds: number) => {
    const body = { metadata: { name, namespace }, deleteOptions: { gracePeriodSeconds } };
    return refusal(tenant.createNamespacedPodEviction({ name, namespace, dryRun: "All", body }));
  };
  const tolerate = async (toleration: object) => {
    const { spec } = await core.readNamespacedPod({ name, namespace });
    const body = { spec: { tolerations: [...(spec?.tolerations ?? []), toleration] } };
    return refusal(tenant.patchNamespacedPod({ name, namespace, dryRun: "All", body }, merge));
  };

  it("without the policies, a pod may take a year to end, and tolerate every taint", async () => {
    assert.equal(await end(name, year), undefined);
    assert.equal(await endAll(year), undefined);
    assert.equal(await evict(year), undefined);
    assert.equal(await tolerate(everyTaint), undefined);
  });

  describe("with the policies", () => {
    before(async () => {
      const admission = { ...fleetSpec().admission, tolerations: ["shop"] };
      await enforce(cluster, objectsOf(fixedPolicies(fleetSpec({ admission }))));
      for (const attack of [() => end(name, year), () => tolerate(everyTaint)]) {
        await waitFor(async () => (await attack()) !== undefined, { describe: () => `${attack} is not refused` });
      }
    });

    it("a pod cannot get a year to end, by any kind of removal", async () => {
      for (const attack of [end(name, year), endAll(year), evict(year)]) {
        assert.match((await attack) ?? "", /fleet-remains.*also when they are deleted or evicted/);
      }
    });

    it("a pod can be removed otherwise", async () => {
      for (const seconds of [600, 0, undefined]) assert.equal(await end(name, seconds), undefined);
      assert.equal(await endAll(30), undefined);
      assert.equal(await evict(600), undefined);
    });

    it("the platform decides itself how long a pod may take", async () => {
      assert.equal(await end(name, year, core), undefined);
    });

    it("a pod that takes a year to end, and is older than the policies, can be removed", async () => {
      for (const seconds of [0, year, undefined]) assert.equal(await end("slow", seconds), undefined);
    });

    it("a pod cannot be made to tolerate what it may not from its start, and can be made to tolerate more", async () => {
      assert.match((await tolerate(everyTaint)) ?? "", /fleet-nodes/);
      assert.equal(await tolerate({ key: "shop", operator: "Exists" }), undefined);
    });

    it("Kubernetes makes a DaemonSet's pods with tolerations of its own, and the tenant may change them", async () => {
      await clients.objects().create(daemonSet({ namespace }));
      const pod = await waitFor(
        async () => {
          const { items } = await core.listNamespacedPod({ namespace, labelSelector: `app=${NAME}` });
          return items.find(({ spec }) => spec?.nodeName !== undefined);
        },
        { describe: () => "the DaemonSet has no pod on a node" },
      );
      const keys = pod.spec?.tolerations?.map(({ key }) => key) ?? [];
      assert.ok(keys.includes("node.kubernetes.io/unschedulable"), keys.join(", "));
      const body = { spec: { containers: [{ name: "main", image: "registry.example.com/main:2" }] } };
      const changed = { name: pod.metadata?.name ?? "", namespace, dryRun: "All", body };
      assert.equal(await refusal(tenant.patchNamespacedPod(changed, strategic)), undefined);
    });
  });
});

/** A pod that takes a year to end. */
const slow = podOf({ name: "slow", namespace }, podSpec({}, { terminationGracePeriodSeconds: year }));

/** As the tenant's operators may; here it is the reconciler that does. */
const evicting = { name: "evict", namespace };
const mayEvict = [
  role(evicting, { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] }),
  roleBinding(evicting, "Role/evict", reconcilerOf({ namespace })),
];

const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
const strategic = setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch);

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CoreV1Api, type KubernetesObjectApi } from "@kubernetes/client-node";
import { parseAllDocuments } from "yaml";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { fixtures } from "../../support/fixtures.js";
import { object } from "../../support/objects/object.js";
import { amounts, pod, podSpec } from "../../support/objects/workloads.js";
import { apply, type BareCluster, bareCluster } from "./bare-cluster.js";

/** The classes that the platform's manifests create for tenants. */
const classes = parseAllDocuments(
  readFileSync(join(fixtures, "fleet/infrastructure/base/priority-classes.yaml"), "utf8"),
).map((document) => document.toJS() as KubernetesObject & { readonly value: number });

/** A class as tenants had one before: above zero, and allowed to preempt. */
const preempting = {
  ...classes[0],
  metadata: { name: "above-zero" },
  value: 1000,
  preemptionPolicy: "PreemptLowerPriority",
};

/** More than half of the sandbox's only node, so that it has room for one such pod. */
const large = amounts({ cpu: "600", memory: "64Mi" });
const neighbour = { name: "neighbour", namespace: "neighbour" };

/** The scheduler's decision about a pod of a tenant while the pod of another without a class fills the node. */
describe("PriorityClasses of tenants", function () {
  this.timeout(90 * 60_000);
  let cluster: BareCluster;
  let core: CoreV1Api;
  let objects: KubernetesObjectApi;

  before(async () => {
    cluster = await bareCluster();
    core = cluster.clients.client(CoreV1Api);
    objects = cluster.clients.objects();
    const namespaces = ["neighbour", "tenant"].map((name) => object("Namespace", { name }));
    await apply(cluster, [...namespaces, ...classes, preempting as KubernetesObject, pod(neighbour, podSpec(large))]);
    await waitFor(async () => (await core.readNamespacedPod(neighbour)).spec?.nodeName !== undefined, {
      describe: () => "the neighbour's pod has no node",
    });
  });
  after(() => core?.deleteNamespace({ name: "neighbour" }).then(() => core.deleteNamespace({ name: "tenant" })));

  const isPreempted = async () => {
    const { items } = await core.listNamespacedPod({ namespace: "neighbour" });
    return !items.some(({ metadata }) => metadata?.deletionTimestamp === undefined);
  };

  /** Creates a pod of a tenant, and returns the scheduler's reason for not starting it; undefined when it starts. */
  const schedule = async (name: string, priorityClassName?: string): Promise<string | undefined> => {
    const created = { name, namespace: "tenant" };
    await objects.create(pod(created, podSpec(large, { priorityClassName })));
    const decision = await waitFor(
      async () => {
        const { spec, status } = await core.readNamespacedPod(created);
        if (spec?.nodeName !== undefined || status?.nominatedNodeName !== undefined) return "started";
        return status?.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False")?.message;
      },
      { describe: () => `the scheduler has not looked at ${name}` },
    );
    return decision === "started" ? undefined : decision;
  };

  for (const { metadata } of classes) {
    it(`${metadata.name} preempts no pod`, async () => {
      const reason = await schedule(metadata.name, metadata.name);
      assert.match(reason ?? "", /not eligible due to preemptionPolicy=Never/);
      assert.equal(await isPreempted(), false);
    });
  }

  it("no class preempts no pod of another without a class", async () => {
    assert.match((await schedule("classless")) ?? "", /No preemption victims found/);
    assert.equal(await isPreempted(), false);
  });

  it("a class above zero that preempts would evict the neighbour, so the test sees an eviction", async () => {
    assert.equal(await schedule("above-zero", "above-zero"), undefined);
    await waitFor(isPreempted, { describe: () => "the neighbour's pod is still there" });
  });
});

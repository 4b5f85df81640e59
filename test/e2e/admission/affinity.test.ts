import assert from "node:assert/strict";
import { CoreV1Api } from "@kubernetes/client-node";
import { waitFor } from "../../support/e2e/wait-for.js";
import { object } from "../../support/objects/object.js";
import { pod, podSpec } from "../../support/objects/workloads.js";
import { apply, type BareCluster, bareCluster } from "./bare-cluster.js";

const namespaces = ["keeps-away", "kept-away"];

/** A rule against pods of a label, on every node. @param where other namespaces that it is about. @default its own */
const away = (where: object = {}) =>
  podSpec(
    {},
    {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: "kubernetes.io/os", labelSelector: { matchLabels: { rollout: "new" } }, ...where },
          ],
        },
      },
    },
  );

/** The scheduler's decision about a tenant's pod beside another tenant's that must be away from it. */
describe("A rule that keeps a pod away from others", function () {
  this.timeout(90 * 60_000);
  let cluster: BareCluster;
  let core: CoreV1Api;

  before(async () => {
    cluster = await bareCluster();
    core = cluster.clients.client(CoreV1Api);
    await apply(
      cluster,
      namespaces.map((name) => object("Namespace", { name })),
    );
  });
  after(() => core && Promise.all(namespaces.map((name) => core.deleteNamespace({ name }))));

  /** Creates a pod, and returns the scheduler's reason for not starting it; undefined when it starts. */
  const schedule = async (name: string, namespace: string, spec = podSpec()): Promise<string | undefined> => {
    await cluster.clients.objects().create(pod({ name, namespace, labels: { rollout: "new" } }, spec));
    const decision = await waitFor(
      async () => {
        const { spec, status } = await core.readNamespacedPod({ name, namespace });
        if (spec?.nodeName !== undefined) return "started";
        return status?.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False")?.message;
      },
      { describe: () => `the scheduler has not looked at ${name}` },
    );
    return decision === "started" ? undefined : decision;
  };

  it("keeps no pods of other namespaces off the nodes, as fleet-nodes allows it", async () => {
    assert.equal(await schedule("alone", "keeps-away", away()), undefined);
    assert.equal(await schedule("first", "kept-away"), undefined);
    await core.deleteNamespacedPod({ name: "alone", namespace: "keeps-away", gracePeriodSeconds: 0 });
    await core.deleteNamespacedPod({ name: "first", namespace: "kept-away", gracePeriodSeconds: 0 });
  });

  it("keeps them off every node with a selector of namespaces, so the policy refuses that", async () => {
    await waitFor(async () => (await core.listNamespacedPod({ namespace: "kept-away" })).items.length === 0, {
      describe: () => "the first pod is still there",
    });
    assert.equal(await schedule("away-from-all", "keeps-away", away({ namespaceSelector: {} })), undefined);
    assert.match((await schedule("second", "kept-away")) ?? "", /didn't satisfy existing pods anti-affinity rules/);
  });
});

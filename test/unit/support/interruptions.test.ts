import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { InterruptionProbe } from "../../support/e2e/interruptions.js";
import { KubernetesClients } from "../../support/e2e/kubernetes-clients.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { type FakeCluster, FakeClusters } from "../../support/unit/fake-cluster-server.js";

const deployments = "/apis/apps/v1/namespaces/search/deployments";
const pods = "/api/v1/namespaces/search/pods";

function deployment(uid = "d1", availableReplicas = 1) {
  return { metadata: { name: "app", uid }, spec: { replicas: 1 }, status: { availableReplicas } };
}

function pod(uid: string, { ready = "True", restartCount = 0 } = {}) {
  const status = { conditions: [{ type: "Ready", status: ready }], containerStatuses: [{ restartCount }] };
  return { metadata: { name: `app-${uid}`, uid }, status };
}

describe("the probe of interruptions", () => {
  let clusters: FakeClusters;
  let cluster: FakeCluster;
  let answers: Record<string, { items: readonly object[] }>;

  beforeEach(async () => {
    clusters = new FakeClusters();
    answers = { [deployments]: { items: [deployment()] }, [pods]: { items: [pod("p1")] } };
    cluster = await clusters.add("search", answers);
  });
  afterEach(async () => await clusters.end());

  const start = () => {
    const { KUBECONFIG = "" } = clusters.environment("search");
    // The client takes plain HTTP only where it checks no certificate.
    const text = readFileSync(KUBECONFIG, "utf8");
    writeFileSync(KUBECONFIG, text.replace("server:", "insecure-skip-tls-verify: true\n      server:"));
    return InterruptionProbe.start(new KubernetesClients(KUBECONFIG), ["search"]);
  };
  /** The interruptions after a change of the cluster, which the probe has seen whole. */
  const interruptionsBy = async (changes: Partial<typeof answers>) => {
    const probe = await start();
    Object.assign(answers, changes);
    const seen = cluster.requests.length + 6;
    await waitFor(() => cluster.requests.length >= seen, { interval: 20, describe: () => "the probe does not look" });
    return (await probe.end()).interruptions;
  };

  it("notes none while nothing changes", async () => {
    assert.deepEqual(await interruptionsBy({}), []);
  });

  for (const [title, changes, noted] of [
    ["a pod that is gone", { [pods]: { items: [] } }, /^Pod search\/app-p1: p1 restarts 0 ready -> is gone$/],
    [
      "a pod of another identity",
      { [pods]: { items: [{ ...pod("p2"), metadata: { name: "app-p1", uid: "p2" } }] } },
      /p2/,
    ],
    ["a further pod", { [pods]: { items: [pod("p1"), pod("p2")] } }, /^Pod search\/app-p2: did not exist/],
    ["a restart", { [pods]: { items: [pod("p1", { restartCount: 1 })] } }, /restarts 1 ready$/],
    ["a pod that is not ready", { [pods]: { items: [pod("p1", { ready: "False" })] } }, /not ready$/],
    ["a Deployment of another identity", { [deployments]: { items: [deployment("d2")] } }, /d1 ready -> d2 ready$/],
    ["a Deployment without enough pods", { [deployments]: { items: [deployment("d1", 0)] } }, /not available$/],
  ] as const) {
    it(`notes ${title}`, async () => {
      const interruptions = await interruptionsBy(changes);
      assert.equal(interruptions.length, 1, interruptions.join("\n"));
      assert.match(interruptions[0] ?? "", noted);
    });
  }

  it("does not begin without running workloads", async () => {
    answers[pods] = { items: [] };
    await assert.rejects(start, /the workloads of search do not run/);
  });
});

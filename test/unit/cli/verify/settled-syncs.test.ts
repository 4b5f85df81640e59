import assert from "node:assert/strict";
import type { SettleTimes } from "../../../../cli/verify/settled-syncs.js";
import type { StackPlan } from "../../../../review/planned-resource.js";
import type { FakeCluster } from "../../../support/unit/fake-cluster.js";
import { findingTexts, onFixture, verified } from "../../../support/unit/verified-stack.js";

const running = { type: "Ready", status: "Unknown", reason: "Progressing", message: "Reconciliation in progress" };
const ready = { type: "Ready", status: "True" };
const sourceType = { group: "source.toolkit.fluxcd.io", version: "v1", kind: "GitRepository" };
const type = { group: "kustomize.toolkit.fluxcd.io", version: "v1", kind: "Kustomization" };
const lists = "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations";

describe("fleet verify of syncs in the middle of a run", () => {
  let plan: StackPlan;
  let cluster: FakeCluster;
  onFixture((fixture) => {
    ({ plan, cluster } = fixture);
  });

  function setReady(name: string, condition: object): void {
    const object = cluster.get("Kustomization", name, name === "team-payments" ? "payments" : name);
    // A later answer changes no object of an earlier one.
    cluster.put(type, { ...object, status: { ...Object(object.status), conditions: [condition] } });
  }

  /** Verifies with pauses of a second. @param onPause stands for Flux meanwhile */
  async function verify(onPause: (count: number) => void) {
    let count = 0;
    const settle: SettleTimes = {
      now: () => count * 1000,
      limitMs: 5000,
      pause: async () => {
        count += 1;
        onPause(count);
      },
    };
    const texts = findingTexts(await verified(plan, cluster, {}, { settle }));
    return { texts, count, lists: cluster.sent.filter(({ path }) => path.startsWith(lists)).length };
  }

  it("finds one whose run fails, or does not end in time", async () => {
    setReady("team-payments", running);
    setReady("team-search", running);
    const { texts, count } = await verify((second) => {
      if (second === 1) setReady("team-payments", { type: "Ready", status: "False", message: "quota exceeded" });
    });
    assert.deepEqual(texts, [
      "sync-not-ready Kustomization payments/team-payments: is not Ready: quota exceeded",
      "sync-not-ready Kustomization team-search/team-search: is not Ready: Reconciliation in progress",
    ]);
    assert.equal(count, 5);
  });

  it("finds none where each run ends Ready, also if the next one has begun when another ends", async () => {
    setReady("team-payments", running);
    setReady("team-search", running);
    const found = await verify((second) => {
      setReady("team-payments", second === 1 ? ready : running);
      setReady("team-search", second === 2 ? ready : running);
    });
    assert.deepEqual(found, { texts: [], count: 2, lists: 4 });
  });

  /** A tenant's source and sync, as a controller reports them. */
  function setRevisions(fetched: string, applied: string, condition: object): void {
    const source = cluster.get("GitRepository", "team-payments", "payments");
    const artifact = { revision: fetched };
    cluster.put(sourceType, { ...source, status: { ...Object(source.status), artifact } });
    const sync = cluster.get("Kustomization", "team-payments", "payments");
    cluster.put(type, {
      ...sync,
      status: { ...Object(sync.status), lastAppliedRevision: applied, conditions: [condition] },
    });
  }

  it("finds none that applies a revision which its source has fetched meanwhile", async () => {
    setRevisions("main@sha1:a", "main@sha1:a", running);
    const { texts, count } = await verify(() => setRevisions("main@sha1:b", "main@sha1:b", ready));
    assert.deepEqual([texts, count], [[], 1]);
  });

  it("waits for the run of a revision that came while another sync ran, and finds one that stays behind", async () => {
    setReady("team-search", running);
    setRevisions("main@sha1:a", "main@sha1:a", ready);
    const found = await verify((second) => {
      setReady("team-search", ready);
      setRevisions("main@sha1:b", second === 1 ? "main@sha1:a" : "main@sha1:b", second === 1 ? running : ready);
    });
    assert.deepEqual([found.texts, found.count], [[], 2]);
    setReady("team-search", running);
    const { texts } = await verify(() => setRevisions("main@sha1:c", "main@sha1:b", ready));
    assert.deepEqual(texts, [
      "sync-behind Kustomization payments/team-payments: has applied main@sha1:b, and its source is at main@sha1:c",
      "sync-not-ready Kustomization team-search/team-search: is not Ready: Reconciliation in progress",
    ]);
  });

  it("does not wait for a sync that no finding judges: one that a tenant nests", async () => {
    const nested = cluster.get("Kustomization", "team-payments", "payments");
    const metadata = { ...nested.metadata, name: "nested", labels: {} };
    cluster.put(type, { ...nested, metadata, status: { conditions: [running] } });
    const { count } = await verify(() => assert.fail("it waits"));
    assert.equal(count, 0);
  });

  it("does not wait for one that is deleted meanwhile", async () => {
    setReady("team-payments", running);
    const { texts, count } = await verify(() => cluster.remove("Kustomization", "team-payments", "payments"));
    assert.equal(count, 1);
    assert.match(texts.join("\n"), /^object-missing Kustomization payments\/team-payments/m);
  });

  it("reads nothing again where no sync runs", async () => {
    const { texts, lists: count } = await verify(() => assert.fail("it waits"));
    assert.deepEqual([texts, count], [[], 1]);
  });
});

import assert from "node:assert/strict";
import { FakeGitHub } from "../../../support/unit/fake-github.js";
import { listPaths, readyLists, readyObject, someCommit } from "../../../support/unit/live-stack.js";
import { StatusCheckout, stagingAnswers } from "../../../support/unit/status-checkout.js";
import { writeTree } from "../../../support/unit/tree-files.js";

describe("the state of a stack in fleet status", () => {
  let checkout: StatusCheckout;
  beforeEach(() => {
    checkout = new StatusCheckout();
  });
  afterEach(() => checkout.end());
  const status: StatusCheckout["status"] = (...args) => checkout.status(...args);

  it("has each fault as a finding, in Flux's words, and ends with 1", async () => {
    const lists = readyLists("staging", ["team-a"]);
    const failed = {
      type: "Ready",
      status: "False",
      message: "kustomize\nbuild failed \u001b[2J",
      observedGeneration: 1,
    };
    Object.assign(lists[listPaths.syncs]?.[1] ?? {}, { status: { conditions: [failed] } });
    lists[listPaths.deployments]?.pop();
    Object.assign(lists[listPaths.deployments]?.[0] ?? {}, { spec: { replicas: 0 } });
    await checkout.clusters.add("one", stagingAnswers(lists));
    const { code, err, out } = await status(["staging"]);
    assert.equal(code, 1);
    assert.match(err, /^ {2}staging: helm-controller: is scaled to 0 pods$/m);
    assert.match(err, /^ {2}staging: source-controller: does not exist$/m);
    assert.match(
      err,
      /^ {2}staging: tenant team-a: Kustomization team-a\/team-a: kustomize build failed \\u\{1b\}\[2J$/m,
    );
    assert.ok(!out.includes("\u001b"));
    const one = await status(["staging", "--tenant", "team-a"]);
    assert.match(one.err, /^1 finding:/);
  });

  it("counts the charts of the platform as infrastructure, whose history has another form", async () => {
    const lists = readyLists("staging", ["team-a"]);
    const deployed = {
      history: [{ chartName: "cert-manager", lastDeployed: "2026-11-27T10:00:00Z", status: "deployed" }],
    };
    lists[listPaths.releases] = [readyObject("cert-manager", "cert-manager", {}, deployed)];
    await checkout.clusters.add("one", stagingAnswers(lists));
    const { code, out } = await status(["staging"]);
    assert.equal(code, 0);
    assert.match(out, /│ 2 of 2 +│ 1 of 1/);
  });

  it("tells who suspended a sync and since when, and takes one by a file for no fault", async () => {
    const lists = readyLists("staging", ["team-a"]);
    const byHand = {
      manager: "flux",
      operation: "Update",
      time: "2026-11-27T11:00:00Z",
      fieldsV1: { "f:spec": { "f:suspend": {} } },
    };
    const sync = lists[listPaths.syncs]?.[1];
    // Its controller does not observe the change: that is no second fault.
    const metadata = { ...sync?.metadata, generation: 2, managedFields: [byHand] };
    Object.assign(sync ?? {}, { spec: { suspend: true }, metadata });
    await checkout.clusters.add("one", stagingAnswers(lists));
    const { code, err, out } = await status(["staging"]);
    assert.equal(code, 1);
    assert.equal(
      err,
      "1 finding:\n  staging: tenant team-a: Kustomization team-a/team-a: suspended by flux since 2026-11-27T11:00:00Z, and by no file\n",
    );
    assert.match(out, /0 of 1/);
    writeTree(checkout.root, {
      "stacks/staging/tenants/team-a.yaml": "sync:\n  suspend: true\n  suspendUntil: 2099-01-01\n",
    });
    assert.equal((await status(["staging"])).code, 0);
  });

  it("shows a freeze with its reason, for a fault only where no file has it", async () => {
    const lists = readyLists("staging", ["team-a"]);
    const source = lists[listPaths.sources]?.[1];
    const held = { operation: "Update", time: "2026-11-27T11:00:00Z", fieldsV1: { "f:spec": { "f:suspend": {} } } };
    const metadata = { ...source?.metadata, generation: 2, managedFields: [{ manager: "flux", ...held }] };
    Object.assign(source ?? {}, { spec: { ...(source?.spec as object), suspend: true }, metadata });
    await checkout.clusters.add("one", stagingAnswers(lists));
    const { code, err } = await status(["staging"]);
    assert.equal(code, 1);
    assert.equal(
      err,
      "1 finding:\n  staging: tenant team-a: source of the Kustomization team-a/team-a: suspended by flux since 2026-11-27T11:00:00Z, and by no file\n",
    );
    const file = "sync: {freeze: {until: 2099-01-01, reason: Migration of the database}}\n";
    writeTree(checkout.root, { "stacks/staging/tenants/team-a.yaml": file });
    const frozen = await status(["staging", "--output", "json"]);
    assert.equal(frozen.code, 0, frozen.err);
    const [sync] = JSON.parse(frozen.out).stacks[0].tenants[0].syncs;
    const freeze = { until: "2099-01-01", reason: "Migration of the database" };
    assert.deepEqual(sync.frozen, { by: "flux", since: "2026-11-27T11:00:00Z", byFile: true, ...freeze });
    assert.deepEqual([sync.ready, sync.messages], [true, []]);
    const { out } = await status(["staging", "--output", "markdown"]);
    assert.match(out, /True, frozen until 2099-01-01/);
    assert.match(out, /frozen by its file since 2026-11-27T11:00:00Z: Migration of the database/);
    Object.assign(source ?? {}, { spec: { ...(source?.spec as object), ref: { tag: "v2" } } });
    const { err: elsewhere } = await status(["staging"]);
    assert.match(
      elsewhere,
      /tenant team-a: GitRepository team-a\/team-a: is frozen at main@\S+, and its file follows v2/,
    );
  });

  it("counts the commits that GitHub has and the cluster has not applied, and says so without a token", async () => {
    await checkout.clusters.add("one", stagingAnswers());
    const without = JSON.parse((await status(["staging", "--output", "json"])).out);
    assert.deepEqual(without.stacks[0].tenants[0].syncs[0].behind, { unknown: "GITHUB_TOKEN is not set" });
    const github = new FakeGitHub({ "team-a": { ahead_by: 3 } }, { "team-a": "b".repeat(40) });
    await github.start();
    try {
      const environment = { ...checkout.clusters.environment(), ...github.environment };
      const { out } = await status(["staging", "--output", "json"], { environment });
      assert.deepEqual(JSON.parse(out).stacks[0].tenants[0].syncs[0].behind, { commits: 3 });
      const lines = github.requests.map(({ line }) => line.split("?")[0]);
      assert.deepEqual(lines, [`GET /api/v3/repos/acme/team-a/compare/${someCommit}...main`]);
    } finally {
      await github.stop();
    }
  });

  it("shows use of quotas and the age of keys, and reads no value of a Secret", async () => {
    const { requests } = await checkout.clusters.add("one", stagingAnswers());
    const { out } = await status(["staging", "--output", "markdown"]);
    assert.match(out, /\| cpu 25 %<br>count\/secrets 90 % \| 26 d \|/);
    assert.ok(requests.some((path) => path.startsWith(`${listPaths.secrets}?labelSelector=`)));
  });

  it("names a Deployment that is labelled as Flux's and is none of the stack's, and does not count it", async () => {
    const lists = readyLists("staging", ["team-a"]);
    const [one] = lists[listPaths.deployments] ?? [];
    const metadata = { ...one?.metadata, name: "debugger" };
    lists[listPaths.deployments]?.push({ ...one, metadata, status: {} });
    await checkout.clusters.add("one", stagingAnswers(lists));
    const { code, err, out } = await status(["staging"]);
    assert.equal(code, 1);
    assert.equal(
      err,
      "1 finding:\n  staging: Deployment flux-system/debugger is labelled as Flux's, and is none of the stack's controllers: it does not count\n",
    );
    assert.match(out, /│ 4 of 4 +│/);
  });

  it("takes the Deployments with the names of the controllers for these, whatever labels they have", async () => {
    const lists = readyLists("staging", ["team-a"]);
    for (const one of lists[listPaths.deployments] ?? []) Object.assign(one.metadata, { labels: {} });
    await checkout.clusters.add("one", stagingAnswers(lists));
    assert.equal((await status(["staging"])).code, 0);
  });

  describe("of syncs in the middle of a run", () => {
    const begun = { lastTransitionTime: "2026-11-27T11:59:00Z", observedGeneration: 1 };
    const running = { type: "Ready", status: "Unknown", reason: "Progressing", message: "in progress", ...begun };
    const history = [{ lastReconciled: "2026-11-27T11:50:00Z", lastReconciledStatus: "ReconciliationSucceeded" }];
    const revision = `main@sha1:${someCommit}`;
    const routine = { conditions: [running], history, lastAppliedRevision: revision };

    /** The outcome for all syncs with this status, those of the platform among them. */
    async function look(fields: object, timeout = "2m", interval = "10m") {
      const lists = readyLists("staging", ["team-a"]);
      const sourceRef = { kind: "GitRepository", name: "platform" };
      lists[listPaths.syncs]?.push(readyObject("flux-system", "infrastructure", { sourceRef }, {}));
      for (const one of lists[listPaths.syncs] ?? []) {
        Object.assign(one, { spec: { ...Object(one.spec), timeout, interval }, status: { ...routine, ...fields } });
      }
      await checkout.clusters.add("one", stagingAnswers(lists));
      const { code, err } = await status(["staging"]);
      return [code, err.match(/in progress/g)?.length ?? 0];
    }

    it("finds those whose run before failed, is unknown, or applied another revision or generation", async () => {
      const failed = [{ ...history[0], lastReconciledStatus: "HealthCheckFailed" }];
      for (const fields of [
        { history: failed },
        { history: undefined },
        { lastAppliedRevision: `main@sha1:${"b".repeat(40)}` },
        { lastAppliedRevision: undefined },
        { conditions: [{ ...running, observedGeneration: 0 }] },
        { conditions: [{ ...running, reason: "ProgressingWithRetry" }] },
      ]) {
        assert.deepEqual(await look(fields), [1, 3], JSON.stringify(fields));
      }
    });

    it("finds those that have run for longer than their timeout", async () => {
      assert.deepEqual(await look({}, "59s"), [1, 3]);
      assert.deepEqual(await look({ conditions: [{ ...running, lastTransitionTime: undefined }] }), [1, 3]);
    });

    it("finds those that began longer than their interval after the last entry of their history", async () => {
      // A failed build or fetch writes none. 11:50:00 to 11:59:00 are 9 min.
      assert.deepEqual(await look({}, "2m", "7m43s"), [1, 3]);
      assert.deepEqual(await look({}, "2m", "7m44s"), [0, 0]);
      assert.deepEqual(await look({ history: [{ ...history[0], lastReconciled: "" }] }), [1, 3]);
    });

    it("takes the others for Ready, as the run before left them", async () => {
      assert.deepEqual(await look({}), [0, 0]);
    });
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitUntil } from "@fleet/sandbox/process/readiness";
import fc from "fast-check";
import { addStatusCommand, type StatusSystems } from "../../../../cli/commands/status.js";
import { statusTimes } from "../../../../cli/status/time-limits.js";
import { soundSettings, soundTree } from "../../../support/unit/checkout-tree.js";
import { FakeClock } from "../../../support/unit/fake-clock.js";
import { FakeClusters } from "../../../support/unit/fake-cluster-server.js";
import { FakeGitHub } from "../../../support/unit/fake-github.js";
import { clusterAnswers, listPaths, readyLists, readyObject, someCommit } from "../../../support/unit/live-stack.js";
import { older } from "../../../support/unit/lock-checkout.js";
import { runFleetWith } from "../../../support/unit/run-fleet.js";
import { writeTree } from "../../../support/unit/tree-files.js";

const settings = soundSettings();
const tree = {
  ...soundTree,
  "Pulumi.staging.yaml": settings,
  "Pulumi.prod-eu.yaml": settings,
  "flux.lock.json": JSON.stringify({ "v2.9.2": older }),
};
const queryOf = (path: string) => path.split("?")[1] ?? "";
const now = Date.parse("2026-11-27T12:00:00Z");

describe("fleet status", () => {
  let root: string;
  let clusters: FakeClusters;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-status-"));
    writeTree(root, tree);
    clusters = new FakeClusters();
  });
  afterEach(async () => {
    rmSync(root, { recursive: true, force: true });
    await clusters.end();
  });

  async function status(args: readonly string[], systems: Partial<StatusSystems> = {}) {
    const use: StatusSystems = {
      environment: clusters.environment(),
      times: statusTimes,
      // No wait ends by itself, however busy the machine is.
      clock: new FakeClock(),
      now: () => now,
      next: async () => false,
      ...systems,
    };
    return await runFleetWith((program, streams) => addStatusCommand(program, streams, root, use), "status", ...args);
  }

  const staging = (lists = readyLists("staging", ["team-a"])) => clusterAnswers("staging", lists);

  it("shows the other stacks when a cluster does not answer, and ends with 3", async () => {
    const clock = new FakeClock();
    const { requests } = await clusters.add("one", staging());
    await clusters.addSilent("two");
    const looking = status([], { clock });
    await waitUntil(() => requests.length === 7, { what: "The lists", timeout: 30_000, interval: 5 });
    // The waits for both identities. One of them has been answered.
    clock.ring(2);
    const { code, out, err } = await looking;
    assert.equal(code, 3);
    assert.match(out, /staging +│ one +│ v2\.9\.2 +│ 4 of 4 +│ 1 of 1 +│ 1 of 1/);
    assert.match(
      err,
      /^prod-eu: no context of KUBECONFIG leads to its cluster \(two: there was no complete answer within 2\.5 s\)\. Name the context: --context prod-eu=CONTEXT\.$/m,
    );
  });

  it("tells refused credentials, and a right that is missing, with the command that shows it", async () => {
    await clusters.add("one", { "/api/v1/namespaces/flux-system": 401 });
    const expired = await status(["staging"]);
    assert.equal(expired.code, 3);
    assert.match(
      expired.err,
      /one: it refused the credentials \(HTTP status 401\): they may have expired, so log in again/,
    );
    await clusters.add("two", { ...staging(), [listPaths.quotas]: 403 });
    const { code, out, err } = await status(["staging"]);
    assert.equal(code, 3);
    assert.match(out, /team-a/);
    assert.match(
      err,
      /its account may not list resourcequotas in all namespaces \(kubectl auth can-i list resourcequotas --all-namespaces\)/,
    );
  });

  it("takes a part of a list for none: what it lacks would pass for Ready", async () => {
    const items = readyLists("staging", ["team-a"])[listPaths.syncs];
    await clusters.add("one", { ...staging(), [listPaths.syncs]: { metadata: { continue: "next" }, items } });
    const { code, err } = await status(["staging"]);
    assert.equal(code, 3);
    assert.match(err, /its list of kustomizations: the pages have no end/);
  });

  it("pages through long lists, and reads one again whose pages have expired", async () => {
    const lists = readyLists("staging", ["team-a"]);
    const [sync] = lists[listPaths.syncs] ?? [];
    const foreign = Array.from({ length: 1200 }, (_, index) => {
      return { ...sync, metadata: { ...sync?.metadata, name: `sync-${index}`, namespace: "elsewhere" } };
    });
    lists[listPaths.syncs]?.unshift(...foreign);
    const { requests, expired } = await clusters.add("one", staging(lists));
    const ofSyncs = () =>
      requests
        .splice(0)
        .filter((path) => path.startsWith(listPaths.syncs))
        .map(queryOf);
    assert.equal((await status(["staging"])).code, 0);
    assert.deepEqual(ofSyncs(), ["limit=500", "limit=500&continue=500", "limit=500&continue=1000"]);
    expired.add(listPaths.syncs);
    assert.equal((await status(["staging"])).code, 0);
    assert.deepEqual(ofSyncs(), ["limit=500", "limit=500&continue=500", ""]);
  });

  it("needs no right to list Secrets: the age of keys is unknown then", async () => {
    await clusters.add("one", { ...staging(), [listPaths.secrets]: 403 });
    const { code, out } = await status(["staging"]);
    assert.equal(code, 0);
    assert.match(out, /unknown/);
  });

  it("refuses unknown stacks, tenants and contexts with suggestions, before it asks a cluster", async () => {
    const { requests } = await clusters.add("viewer", staging());
    const stack = await status(["stagin"]);
    assert.deepEqual([stack.code, /Did you mean staging\?/.test(stack.err)], [2, true], stack.err);
    const tenant = await status(["staging", "--tenant", "team-b"]);
    assert.deepEqual([tenant.code, /Did you mean team-a\?/.test(tenant.err)], [2, true], tenant.err);
    const context = await status(["staging", "--context", "staging=viewr"]);
    assert.deepEqual([context.code, /Did you mean viewer\?/.test(context.err)], [3, true], context.err);
    assert.equal((await status(["--context", "staging"])).code, 2);
    assert.deepEqual(requests, []);
  });

  it("ends with 3 for a kubeconfig that is not there", async () => {
    const { code, err } = await status(["staging"], { environment: { KUBECONFIG: join(root, "none") } });
    assert.equal(code, 3);
    assert.match(err, /^environment: KUBECONFIG: /);
  });

  it("asks only the chosen context, and refuses one of another stack", async () => {
    const other = await clusters.add("other", clusterAnswers("prod-eu", readyLists("prod-eu", ["team-a"])));
    const own = await clusters.add("own", staging());
    assert.equal((await status(["staging", "--context", "staging=own"])).code, 0);
    assert.deepEqual([other.requests.length, own.requests.length], [0, 7]);
    const { code, err } = await status(["staging", "--context", "staging=other"]);
    assert.equal(code, 3);
    assert.match(err, /the context other leads to a cluster of the stack prod-eu/);
  });

  it("shows a stack with faulty files beside the others", async () => {
    await clusters.add("one", staging());
    await clusters.add("two", clusterAnswers("prod-eu", readyLists("prod-eu", ["team-a"])));
    writeTree(root, { "stacks/prod-eu/tenants/team-a.yaml": "quota: 1\n" });
    const { code, out, err } = await status([]);
    assert.equal(code, 3);
    assert.match(out, /staging +│ one +│ v2\.9\.2/);
    assert.match(err, /^prod-eu: its files have 1 problem: npx fleet check prod-eu\.$/m);
  });

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
    await clusters.add("one", staging(lists));
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
    await clusters.add("one", staging(lists));
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
    await clusters.add("one", staging(lists));
    const { code, err, out } = await status(["staging"]);
    assert.equal(code, 1);
    assert.equal(
      err,
      "1 finding:\n  staging: tenant team-a: Kustomization team-a/team-a: suspended by flux since 2026-11-27T11:00:00Z, and by no file\n",
    );
    assert.match(out, /0 of 1/);
    writeTree(root, { "stacks/staging/tenants/team-a.yaml": "sync:\n  suspend: true\n  suspendUntil: 2099-01-01\n" });
    assert.equal((await status(["staging"])).code, 0);
  });

  it("shows a freeze with its reason, for a fault only where no file has it", async () => {
    const lists = readyLists("staging", ["team-a"]);
    const source = lists[listPaths.sources]?.[1];
    const held = { operation: "Update", time: "2026-11-27T11:00:00Z", fieldsV1: { "f:spec": { "f:suspend": {} } } };
    const metadata = { ...source?.metadata, generation: 2, managedFields: [{ manager: "flux", ...held }] };
    Object.assign(source ?? {}, { spec: { ...(source?.spec as object), suspend: true }, metadata });
    await clusters.add("one", staging(lists));
    const { code, err } = await status(["staging"]);
    assert.equal(code, 1);
    assert.equal(
      err,
      "1 finding:\n  staging: tenant team-a: source of the Kustomization team-a/team-a: suspended by flux since 2026-11-27T11:00:00Z, and by no file\n",
    );
    const file = "sync: {freeze: {until: 2099-01-01, reason: Migration of the database}}\n";
    writeTree(root, { "stacks/staging/tenants/team-a.yaml": file });
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
    await clusters.add("one", staging());
    const without = JSON.parse((await status(["staging", "--output", "json"])).out);
    assert.deepEqual(without.stacks[0].tenants[0].syncs[0].behind, { unknown: "GITHUB_TOKEN is not set" });
    const github = new FakeGitHub({ "team-a": { ahead_by: 3 } });
    await github.start();
    try {
      const environment = { ...clusters.environment(), ...github.environment };
      const { out } = await status(["staging", "--output", "json"], { environment });
      assert.deepEqual(JSON.parse(out).stacks[0].tenants[0].syncs[0].behind, { commits: 3 });
      const lines = github.requests.map(({ line }) => line.split("?")[0]);
      assert.deepEqual(lines, [`GET /api/v3/repos/acme/team-a/compare/${someCommit}...main`]);
    } finally {
      await github.stop();
    }
  });

  it("shows use of quotas and the age of keys, and reads no value of a Secret", async () => {
    const { requests } = await clusters.add("one", staging());
    const { out } = await status(["staging", "--output", "markdown"]);
    assert.match(out, /\| cpu 25 %<br>count\/secrets 90 % \| 26 d \|/);
    assert.ok(requests.some((path) => path.startsWith(`${listPaths.secrets}?labelSelector=`)));
  });

  it("fits a terminal of 60 columns", async () => {
    await clusters.add("one", staging());
    const { columns } = process.stdout;
    process.stdout.columns = 60;
    try {
      const { out } = await status(["staging"]);
      for (const line of out.split("\n")) assert.ok([...line].length <= 60, line);
      assert.match(out, /^Tenant: +team-a$/m);
    } finally {
      process.stdout.columns = columns;
    }
  });

  it("looks again with --watch, and asks GitHub at most every five minutes", async () => {
    const github = new FakeGitHub({ "team-a": { ahead_by: 0 } });
    await github.start();
    try {
      const { requests } = await clusters.add("one", staging());
      // A look before any time has passed, one after 5 s, and one after 400 s. The machine's own clock goes back by a year.
      const passed = [0, 5000, 400_000];
      const ends = new FakeClock();
      const clock = { now: () => passed[0] ?? 0, timeout: ends.timeout };
      let day = now;
      const { out } = await status(["staging", "--watch", "--output", "json"], {
        environment: { ...clusters.environment(), ...github.environment },
        clock,
        now: () => day,
        next: async () => {
          day -= 365 * 24 * 3_600_000;
          passed.shift();
          return passed.length > 0;
        },
      });
      assert.equal(out.match(/^\{$/gm)?.length, 3);
      assert.deepEqual([requests.length, github.requests.length], [21, 2]);
    } finally {
      await github.stop();
    }
  });

  it("says of an object in a form that it does not know that it could not look, and never crashes", async () => {
    const values = fc.constantFrom<unknown>(null, 5, "x", [], [null], {}, { conditions: 5 }, [{ type: 1 }], {
      ref: [],
    });
    const place = fc.constantFrom("spec", "status", "data");
    const path = fc.constantFrom(...Object.values(listPaths));
    await clusters.add("one", {});
    const answers: Record<string, unknown> = {};
    const context = await clusters.add("two", answers as Record<string, never>);
    assert.ok(context);
    await fc.assert(
      fc.asyncProperty(path, place, values, async (list, field, value) => {
        const lists = readyLists("staging", ["team-a"]);
        for (const one of lists[list] ?? []) Object.assign(one, { [field]: value });
        Object.assign(answers, staging(lists));
        const { code, out, err } = await status(["staging", "--context", "staging=two"]);
        assert.ok([0, 1, 3].includes(code), err);
        assert.match(out, /staging +│ two/);
        assert.doesNotMatch(err, /TypeError|ZodError|\bat .*\.ts:/);
        assert.ok(code !== 1 || /findings?:$/m.test(err), err);
      }),
      { numRuns: 150 },
    );
  });

  it("has as many requests to an API server for 200 tenants as for 20", async () => {
    const counts: number[] = [];
    for (const count of [20, 200]) {
      const names = Array.from({ length: count }, (_, index) => `team-${index}`);
      rmSync(join(root, "stacks"), { recursive: true });
      const files = names.flatMap((name) => [
        [`stacks/base/tenants/${name}.yaml`, `name: ${name}\n`],
        [`stacks/staging/tenants/${name}.yaml`, "{}\n"],
      ]);
      writeTree(root, Object.fromEntries(files));
      const { requests } = await clusters.add(`of-${count}`, staging(readyLists("staging", names)));
      const { code, out } = await status(["staging", "--context", `staging=of-${count}`, "--output", "json"]);
      assert.equal(code, 0);
      const { stacks } = JSON.parse(out) as { stacks: [{ tenants: object[]; requests: number }] };
      assert.equal(stacks[0].tenants.length, count);
      assert.equal(stacks[0].requests, requests.length);
      counts.push(requests.length);
    }
    assert.deepEqual(counts, [7, 7]);
  });
});

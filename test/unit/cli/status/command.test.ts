import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { waitUntil } from "@fleet/sandbox/process/readiness";
import fc from "fast-check";
import { FakeClock } from "../../../support/unit/fake-clock.js";
import type { FakeClusters } from "../../../support/unit/fake-cluster-server.js";
import { FakeGitHub } from "../../../support/unit/fake-github.js";
import { clusterAnswers, listPaths, readyLists, someCommit } from "../../../support/unit/live-stack.js";
import { lookedAt, StatusCheckout, stagingAnswers } from "../../../support/unit/status-checkout.js";
import { writeTree } from "../../../support/unit/tree-files.js";

const queryOf = (path: string) => path.split("?")[1] ?? "";

describe("fleet status", () => {
  let checkout: StatusCheckout;
  let root: string;
  let clusters: FakeClusters;
  beforeEach(() => {
    checkout = new StatusCheckout();
    ({ root, clusters } = checkout);
  });
  afterEach(() => checkout.end());
  const status: StatusCheckout["status"] = (...args) => checkout.status(...args);

  it("shows the other stacks when a cluster does not answer, and ends with 3", async () => {
    const clock = new FakeClock();
    const { requests } = await clusters.add("one", stagingAnswers());
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

  it("says of a stack that the time of the whole command cut it, after a start that took most of it", async () => {
    const clock = new FakeClock(8000);
    await clusters.addSilent("one");
    const looking = status(["staging", "--output", "json"], { clock });
    await waitUntil(() => clock.waits() === 1, { what: "The question to the cluster", timeout: 30_000, interval: 5 });
    clock.ring();
    const { code, out } = await looking;
    assert.equal(code, 3);
    assert.match(
      JSON.parse(out).stacks[0].problems[0],
      /\(one: there was no complete answer within the time of the whole command\)$/,
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
    await clusters.add("two", { ...stagingAnswers(), [listPaths.quotas]: 403 });
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
    await clusters.add("one", { ...stagingAnswers(), [listPaths.syncs]: { metadata: { continue: "next" }, items } });
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
    const { requests, expired } = await clusters.add("one", stagingAnswers(lists));
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
    await clusters.add("one", { ...stagingAnswers(), [listPaths.secrets]: 403 });
    const { code, out } = await status(["staging"]);
    assert.equal(code, 0);
    assert.match(out, /unknown/);
  });

  it("refuses unknown stacks, tenants and contexts with suggestions, before it asks a cluster", async () => {
    const { requests } = await clusters.add("viewer", stagingAnswers());
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
    const own = await clusters.add("own", stagingAnswers());
    assert.equal((await status(["staging", "--context", "staging=own"])).code, 0);
    assert.deepEqual([other.requests.length, own.requests.length], [0, 7]);
    const { code, err } = await status(["staging", "--context", "staging=other"]);
    assert.equal(code, 3);
    assert.match(err, /the context other leads to a cluster of the stack prod-eu/);
  });

  it("shows a stack with faulty files beside the others", async () => {
    await clusters.add("one", stagingAnswers());
    await clusters.add("two", clusterAnswers("prod-eu", readyLists("prod-eu", ["team-a"])));
    writeTree(root, { "stacks/prod-eu/tenants/team-a.yaml": "quota: 1\n" });
    const { code, out, err } = await status([]);
    assert.equal(code, 3);
    assert.match(out, /staging +│ one +│ v2\.9\.2/);
    assert.match(err, /^prod-eu: its files have 1 problem: npx fleet check prod-eu\.$/m);
  });

  it("fits a terminal of 60 columns", async () => {
    await clusters.add("one", stagingAnswers());
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
    const github = new FakeGitHub({}, { "team-a": someCommit });
    await github.start();
    try {
      const { requests } = await clusters.add("one", stagingAnswers());
      // A look before any time has passed, one after 5 s, and one after 400 s. The machine's own clock goes back by a year.
      const passed = [0, 5000, 400_000];
      const ends = new FakeClock();
      const clock = { now: () => passed[0] ?? 0, timeout: ends.timeout };
      let day = lookedAt;
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
        Object.assign(answers, stagingAnswers(lists));
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
      const { requests } = await clusters.add(`of-${count}`, stagingAnswers(readyLists("staging", names)));
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

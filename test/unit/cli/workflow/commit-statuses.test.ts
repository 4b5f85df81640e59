import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeCommitStatuses } from "../../../../cli/workflow/commit-statuses.js";
import { tenantLabels } from "../../../../lib/kubernetes/ownership-labels.js";
import { soundSettings, soundTree } from "../../../support/unit/checkout-tree.js";
import { FakeClusters } from "../../../support/unit/fake-cluster-server.js";
import { clusterAnswers, listPaths, readyLists, someCommit } from "../../../support/unit/live-stack.js";
import { older } from "../../../support/unit/lock-checkout.js";
import { httpServer, type TestServer } from "../../../support/unit/servers.js";
import { writeTree } from "../../../support/unit/tree-files.js";

const revision = `main@sha1:${someCommit}`;
const events = "/api/v1/namespaces/team-a/events";

describe("fleet workflow statuses", () => {
  let root: string;
  let clusters: FakeClusters;
  let github: TestServer;
  /** Statuses that GitHub has, the newest first. */
  let stored: { context: string; state: string; description: string | null }[];
  /** Repositories that refuse the token. */
  let refused: Set<string>;
  let requests: string[];
  /** Contexts of which GitHub takes no more. */
  let full: Set<string>;

  beforeEach(async () => {
    [stored, refused, requests, full] = [[], new Set(), [], new Set()];
    root = mkdtempSync(join(tmpdir(), "fleet-statuses-"));
    const base = { "stacks/base/tenants/team-b.yaml": "name: team-b\n", "stacks/staging/tenants/team-b.yaml": "" };
    const lock = { "flux.lock.json": JSON.stringify({ "v2.9.2": older }) };
    writeTree(root, { ...soundTree, ...base, ...lock, "Pulumi.staging.yaml": soundSettings() });
    clusters = new FakeClusters();
    github = await httpServer(async (request, response) => {
      requests.push(`${request.method} ${request.url}`);
      const isRefused = [...refused].some((name) => request.url?.includes(`/${name}/`));
      let text = "";
      for await (const chunk of request) text += String(chunk);
      const status =
        request.method === "POST" && !isRefused ? (JSON.parse(text) as (typeof stored)[number]) : undefined;
      const isFull = status !== undefined && full.has(status.context);
      if (status !== undefined && !isFull) stored.unshift(status);
      const { searchParams: query } = new URL(request.url ?? "", "http://github");
      const newest = stored.filter(
        (one, index) => stored.findIndex(({ context }) => context === one.context) === index,
      );
      const [size, page] = [Number(query.get("per_page")), Number(query.get("page"))];
      const statuses = newest.slice((page - 1) * size, page * size);
      response.writeHead(isRefused ? 403 : isFull ? 422 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(isRefused || isFull ? { message: "Resource not accessible" } : { statuses }));
    });
  });
  afterEach(async () => {
    await Promise.all([clusters.end(), github.stop()]);
    rmSync(root, { recursive: true, force: true });
  });

  /** The answers of a cluster on which the sync of team-a has this message, or is Ready. */
  function answers(message?: string, more: Readonly<Record<string, object | number>> = {}) {
    const lists = readyLists("staging", ["team-a", "team-b"]);
    const syncs = (lists[listPaths.syncs] ?? []).map((sync) => {
      const isFailed = message !== undefined && sync.metadata.name === "team-a";
      const ready = isFailed ? { status: "False", message } : { status: "True" };
      const conditions = [{ type: "Ready", observedGeneration: 1, ...ready }];
      const tenant = sync.metadata.name;
      const metadata = { ...sync.metadata, labels: tenantLabels("staging", tenant) };
      return {
        ...sync,
        metadata,
        status: { conditions, lastAttemptedRevision: revision, lastAppliedRevision: revision },
      };
    });
    return { ...clusterAnswers("staging", { ...lists, [listPaths.syncs]: syncs }), ...more };
  }
  const write = () => {
    const environment = {
      ...clusters.environment(),
      GITHUB_OWNER: "acme",
      GITHUB_TOKEN: "hidden",
      GITHUB_BASE_URL: `http://127.0.0.1:${github.port}/`,
    };
    return writeCommitStatuses({ root, stack: "staging", environment });
  };

  it("writes each status once, at the commit in the tenant's repository", async () => {
    await clusters.add("one", answers("no such file"));
    assert.equal(await write(), "staging: 2 of 2 commit statuses were new.");
    assert.deepEqual(requests.filter((line) => line.startsWith("POST")).sort(), [
      `POST /api/v3/repos/acme/team-a/statuses/${someCommit}`,
      `POST /api/v3/repos/acme/team-b/statuses/${someCommit}`,
    ]);
    const own = stored.find(({ context }) => context === "staging/team-a/team-a");
    assert.deepEqual([own?.state, own?.description], ["failure", "no such file"]);
    assert.equal(await write(), "staging: 0 of 2 commit statuses were new.");
  });

  it("writes the others where a repository refuses the token, and says which permission is missing", async () => {
    await clusters.add("one", answers());
    refused.add("team-a");
    await assert.rejects(write(), ({ message }: Error) => {
      assert.match(message, /set a status of acme\/team-a.*"Commit statuses: write"/s);
      return !message.includes("hidden") && !message.includes("team-b");
    });
    assert.deepEqual(
      stored.map(({ context }) => context),
      ["staging/team-b/team-b"],
    );
  });

  it("reads events of a namespace whose sync waits for pods, and needs no right to", async () => {
    const waiting =
      "health check failed after 3m0.1s: timeout waiting for: [Deployment/team-a/web status: 'InProgress']";
    const involvedObject = { kind: "ReplicaSet", namespace: "team-a", name: "web-1" };
    const event = { reason: "FailedCreate", message: "Error creating: exceeded quota", involvedObject };
    const items = [{ metadata: { name: "web.1", namespace: "team-a" }, ...event }];
    const { requests: asked } = await clusters.add("one", answers(waiting, { [events]: { kind: "List", items } }));
    await write();
    assert.equal(asked.filter((path) => path.startsWith(events)).length, 1);
    assert.ok(
      stored.some(({ description }) => description === "Deployment/web: exceeded quota"),
      JSON.stringify(stored),
    );
    await clusters.add("one", answers(waiting, { [events]: 403 }));
    await write();
    assert.equal(stored[0]?.description, waiting.replace(" after 3m0.1s", ""));
  });

  it("reads no events of another tenant's namespace, whatever the repository of a tenant has Flux say", async () => {
    const path = "/api/v1/namespaces/team-b/events";
    for (const named of [
      "health check failed after 3m0s: timeout waiting for: [Deployment/team-b/web status: 'InProgress']",
      `accumulating resources from "Deployment/team-b/web status: 'x": no such file`,
    ]) {
      const { requests: asked } = await clusters.add("one", answers(named));
      await write();
      assert.deepEqual(
        asked.filter((one) => one.startsWith(path)),
        [],
      );
    }
  });

  it("writes a status once however many others the commit has, and notes one of which GitHub takes no more", async () => {
    stored = Array.from({ length: 150 }, (_, index) => ({
      context: `ci ${index}`,
      state: "success",
      description: null,
    }));
    await clusters.add("one", answers());
    full.add("staging/team-b/team-b");
    const note = `GitHub takes no more statuses staging/team-b/team-b of acme/team-b@${someCommit.slice(0, 7)} (422).`;
    assert.equal(await write(), `staging: 1 of 2 commit statuses were new.\n${note}`);
    stored.push(...stored.splice(0, 1));
    assert.equal(await write(), `staging: 0 of 2 commit statuses were new.\n${note}`);
  });

  it("reads what a commit has once, for all syncs that tried it", async () => {
    writeTree(root, { "stacks/staging/tenants/team-b.yaml": "syncs: {second: {path: ./second}}\n" });
    const all = answers();
    const listed = all[listPaths.syncs] as { items: { metadata: { name: string; namespace?: string } }[] };
    const [, , second] = listed.items;
    const items = [...listed.items, { ...second, metadata: { ...second?.metadata, name: "second" } }];
    await clusters.add("one", { ...all, [listPaths.syncs]: { kind: "List", items } });
    assert.equal(await write(), "staging: 3 of 3 commit statuses were new.");
    assert.equal(requests.filter((line) => line.startsWith("GET")).length, 2);
  });

  it("says which variable is missing before it asks any system", async () => {
    const { requests: asked } = await clusters.add("one", answers());
    const environment = { ...clusters.environment(), GITHUB_OWNER: "acme" };
    await assert.rejects(writeCommitStatuses({ root, stack: "staging", environment }), /GITHUB_TOKEN: is not set/);
    assert.deepEqual([asked, requests], [[], []]);
  });

  it("writes nothing where the cluster cannot be read, or another stack's is", async () => {
    await clusters.add("one", { ...answers(), [listPaths.syncs]: 403 });
    await assert.rejects(write(), /its account may not list kustomizations/);
    await clusters.add("one", clusterAnswers("prod-eu", readyLists("prod-eu", ["team-a"])));
    await assert.rejects(write(), /no context of KUBECONFIG leads to its cluster/);
    assert.deepEqual(requests, []);
  });
});

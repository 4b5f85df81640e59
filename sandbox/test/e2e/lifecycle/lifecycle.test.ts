import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { down } from "../../../lifecycle/down.js";
import { sandboxEnvironment } from "../../../lifecycle/environment.js";
import { type PartStatus, status } from "../../../lifecycle/status.js";
import { type UpResult, up } from "../../../lifecycle/up.js";
import { waitUntil } from "../../../process/readiness.js";
import { ensureToolchain, type Toolchain } from "../../../toolchain/toolchain.js";
import { allGone, processesOf, stillRunning } from "../../support/processes.js";

/** ms within which an environment of cached parts is to be ready on an idle machine; tests may share theirs. */
const timeoutMs = 120_000;

describe("the life of a sandbox", () => {
  let stateDirectory: string;
  let toolchain: Toolchain;

  before(async () => {
    toolchain = await ensureToolchain();
    stateDirectory = await mkdtemp(join(tmpdir(), "fleet-e2e-life-"));
  });
  after(async () => {
    await down({ stateDirectory, purge: true });
  });

  const start = (stack = "staging"): Promise<UpResult[]> => up({ stack, stateDirectory, toolchain });
  const actions = (results: readonly UpResult[]) =>
    Object.fromEntries(results.map(({ name, action }) => [name, action]));

  async function partOf(name: string): Promise<PartStatus> {
    const part = (await status(stateDirectory)).parts.find((each) => each.name === name);
    assert.ok(part, `${name} is not among the sandbox's parts`);
    return part;
  }

  async function pidOf(name: string): Promise<number> {
    const [daemon] = (await partOf(name)).processes;
    assert.ok(daemon, `${name} has no process`);
    return daemon.pid;
  }

  async function core(stack = "staging"): Promise<CoreV1Api> {
    const { KUBECONFIG = "" } = await sandboxEnvironment({ stack, stateDirectory, environment: process.env });
    const config = new KubeConfig();
    config.loadFromFile(KUBECONFIG);
    return config.makeApiClient(CoreV1Api);
  }

  it("starts, and is left alone by a second start", async () => {
    assert.deepEqual(actions(await start()), { github: "started", "environment-staging": "started" });
    const before = [await pidOf("github"), await pidOf("environment-staging")];
    assert.deepEqual(actions(await start()), { github: "running", "environment-staging": "running" });
    assert.deepEqual([await pidOf("github"), await pidOf("environment-staging")], before);
  }).timeout(timeoutMs);

  it("starts once when two commands start it at the same time", async () => {
    const results = await Promise.all([start(), start()]);
    for (const result of results) {
      assert.deepEqual(actions(result), { github: "running", "environment-staging": "running" });
    }
  }).timeout(timeoutMs);

  it("runs a second environment beside the first, with its own cluster and the same GitHub", async () => {
    const github = await pidOf("github");
    assert.deepEqual(actions(await start("prod-eu")), { github: "running", "environment-prod-eu": "started" });
    const [staging, production] = [await partOf("environment-staging"), await partOf("environment-prod-eu")];
    assert.notEqual(staging.addresses.kubernetes, production.addresses.kubernetes);
    assert.equal(await pidOf("github"), github);
    await (await core("prod-eu")).createNamespace({ body: { metadata: { name: "only-here" } } });
    const { items } = await (await core()).listNamespace();
    assert.ok(!items.some(({ metadata }) => metadata?.name === "only-here"));
  }).timeout(timeoutMs);

  it("ends one environment without touching the other", async () => {
    const ended = await processesOf(stateDirectory);
    assert.deepEqual(await down({ stateDirectory, stack: "prod-eu" }), ["environment-prod-eu"]);
    const left = (await status(stateDirectory)).parts.map(({ name }) => name);
    assert.deepEqual(left, ["environment-staging", "github"]);
    assert.ok(stillRunning(ended).length < ended.length);
    await (await core()).listNamespace();
  }).timeout(timeoutMs);

  it("heals an environment whose daemon was killed, with its data, and leaves none of the old processes", async () => {
    await (await core()).createNamespacedConfigMap({
      namespace: "default",
      body: { metadata: { name: "kept" }, data: { a: "b" } },
    });
    const pid = await pidOf("environment-staging");
    const ofEnvironment = new Set((await partOf("environment-staging")).processes.map((each) => each.pid));
    const orphans = (await processesOf(stateDirectory)).filter((each) => ofEnvironment.has(each.pid));
    assert.ok(orphans.length >= 7);
    process.kill(pid, "SIGKILL");
    await waitUntil(async () => (await partOf("environment-staging")).state === "dead", {
      what: `The end of process ${pid}, which was killed,`,
      timeout: 60_000,
    });
    assert.deepEqual(actions(await start()), { github: "running", "environment-staging": "restarted" });
    await allGone(orphans, 10_000);
    const { data } = await (await core()).readNamespacedConfigMap({ namespace: "default", name: "kept" });
    assert.deepEqual(data, { a: "b" });
  }).timeout(timeoutMs);

  it("ends everything, and a second start finds its data at the same addresses", async () => {
    const processes = await processesOf(stateDirectory);
    const addresses = async () => [(await partOf("github")).addresses, (await partOf("environment-staging")).addresses];
    const before = await addresses();
    assert.deepEqual(await down({ stateDirectory }), ["environment-staging", "github"]);
    // A daemon's own helpers end when they notice that it has.
    await allGone(processes, 10_000);
    assert.deepEqual((await status(stateDirectory)).parts, []);

    await start();
    const now = await addresses();
    if (!isDeepStrictEqual(now, before)) {
      // Another process that asked for any port meanwhile may have got one of these: once, not twice.
      await down({ stateDirectory });
      await start();
      assert.deepEqual(await addresses(), now);
    }
    await (await core()).readNamespacedConfigMap({ namespace: "default", name: "kept" });
  }).timeout(timeoutMs);

  it("takes another port when someone else has taken its own meanwhile", async () => {
    const { github = "" } = (await partOf("github")).addresses;
    await down({ stateDirectory });
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(Number(new URL(github).port), "127.0.0.1", resolve));
    try {
      await start();
      const now = (await partOf("github")).addresses.github ?? "";
      assert.notEqual(now, github);
      assert.notEqual(Number(new URL(now).port), (squatter.address() as AddressInfo).port);
    } finally {
      await new Promise((resolve) => squatter.close(resolve));
    }
  }).timeout(timeoutMs);

  it("leaves nothing running when someone deletes its state", async () => {
    const processes = await processesOf(stateDirectory);
    await rm(join(stateDirectory, "daemons"), { recursive: true });
    await allGone(processes);
  }).timeout(timeoutMs);

  it("deletes all data only with --purge", async () => {
    assert.ok(existsSync(join(stateDirectory, "secrets.json")));
    await down({ stateDirectory, purge: true });
    assert.equal(existsSync(stateDirectory), false);
  });
});

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { checkout } from "../../../sandbox/state-directory.js";
import { status } from "../../../sandbox/status.js";
import { allGone, processesOf } from "./processes.js";

describe("npm start, and npm run stop", () => {
  let stateDirectory: string;

  before(async () => {
    stateDirectory = await mkdtemp(join(tmpdir(), "fleet-e2e-start-"));
  });
  after(async () => {
    await npm("run", "stop");
    await rm(stateDirectory, { recursive: true, force: true });
  });

  /** What a newcomer types, without a terminal. */
  function npm(...args: string[]) {
    return execa("npm", args, {
      cwd: checkout,
      env: { FLEET_SANDBOX_DIR: stateDirectory },
      stdin: "ignore",
      all: true,
      reject: false,
    });
  }

  /** What Git thinks of the files that the engine could have written to. */
  async function changes(): Promise<string> {
    const args = ["status", "--porcelain", "--", "Pulumi.yaml", "Pulumi.staging.yaml", "Pulumi.prod-eu.yaml"];
    return (await execa("git", args, { cwd: checkout })).stdout;
  }

  it("brings up the environment with every tenant Ready, and leaves the checkout unchanged", async () => {
    const before = await changes();
    const { exitCode, all } = await npm("start");
    assert.equal(exitCode, 0, all);
    for (const [tenant, namespace] of [
      ["team-payments", "payments"],
      ["team-search", "team-search"],
    ]) {
      assert.match(all, new RegExp(`│ ${tenant} +│ acme/${tenant} +│ ${namespace} +│ main@sha1:[0-9a-f]{8} +│ True`));
    }
    assert.match(all, /npm run stop/);
    assert.equal(await changes(), before);
  }).timeout(600_000);

  it("changes nothing the second time", async () => {
    const { exitCode, all } = await npm("start");
    assert.equal(exitCode, 0, all);
    assert.match(all, /unmodified: \d+ unchanged \[/);
    assert.match(all, /environment-staging runs already/);
  }).timeout(300_000);

  it("stays within the memory that the README names: 1.5 GiB", async () => {
    const { memory } = await status(stateDirectory);
    assert.ok(memory < 1.5 * 2 ** 30, `${Math.round(memory / 2 ** 20)} MiB`);
  });

  it("ends everything that it started", async () => {
    const processes = await processesOf(stateDirectory);
    assert.ok(processes.length > 7);
    const { exitCode, all } = await npm("run", "stop");
    assert.equal(exitCode, 0, all);
    await allGone(processes, 10_000);
  }).timeout(120_000);
});

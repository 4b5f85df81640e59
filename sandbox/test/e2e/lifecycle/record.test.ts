import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { endDaemon } from "../../../daemon/end-daemon.js";
import { daemonNames, isRunning, readRecord, writeRecord } from "../../../daemon/record.js";
import { down } from "../../../lifecycle/down.js";
import { githubRecord } from "../../support/records.js";
import { useTemporaryState } from "../../support/temporary-state.js";

/** A process of ours that would end on SIGTERM, and a way to see whether it was asked to. */
async function bystander() {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000); console.log('up')"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(child.stdout, "data");
  const end = () => {
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    return exit;
  };
  return { child, pid: child.pid ?? 0, end };
}

describe("the record of a daemon", () => {
  const paths = useTemporaryState();

  for (const [what, text] of [
    ["cut short", '{"kind":"github","proc'],
    ["empty", ""],
    ["another thing", '{"hello":"world"}'],
    ["without a start time, by which a foreign process is known", '{"kind":"github","process":{"name":"g","pid":1}}'],
  ] as const) {
    it(`that is ${what} counts as damaged, and no process gets a signal`, async () => {
      mkdirSync(paths().daemons, { recursive: true });
      writeFileSync(paths().record("github"), text);
      assert.equal(await readRecord(paths(), "github"), "damaged");
      assert.equal(await endDaemon(paths(), "github"), false);
      assert.deepEqual(await daemonNames(paths()), []);
    });
  }

  it("never lets a foreign process be ended that got a dead daemon's number", async () => {
    const other = await bystander();
    try {
      const stale = githubRecord({ pid: other.pid, started: "another-boot/123" });
      await writeRecord(paths(), "github", stale);
      assert.equal(isRunning(stale), false);
      assert.deepEqual(await down({ stateDirectory: paths().directory }), []);
      assert.equal(other.child.exitCode, null);
      assert.equal(other.child.signalCode, null);
    } finally {
      await other.end();
    }
  });

  it("of a process that is gone is removed, and nothing else happens", async () => {
    const other = await bystander();
    const record = githubRecord({ pid: other.pid });
    await other.end();
    await writeRecord(paths(), "github", record);
    assert.deepEqual(await down({ stateDirectory: paths().directory }), []);
    assert.deepEqual(await daemonNames(paths()), []);
  });

  it("of a running process ends that process", async () => {
    const other = await bystander();
    const exit = once(other.child, "exit");
    await writeRecord(paths(), "github", githubRecord({ pid: other.pid }));
    assert.deepEqual(await down({ stateDirectory: paths().directory }), ["github"]);
    assert.deepEqual(await exit, [null, "SIGTERM"]);
  });

  it("comes back as it was written", async () => {
    const record = githubRecord({ pid: process.pid });
    await writeRecord(paths(), "github", record);
    assert.deepEqual(await readRecord(paths(), "github"), record);
    assert.deepEqual(await daemonNames(paths()), ["github"]);
    assert.equal(isRunning(record), true);
  });

  it("is not missed when nothing was ever started", async () => {
    assert.equal(await readRecord(paths(), "github"), undefined);
    assert.deepEqual(await daemonNames(paths()), []);
    assert.deepEqual(await down({ stateDirectory: paths().directory }), []);
  });
});

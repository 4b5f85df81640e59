import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { endOrphans, ProcessRegistry, processStart } from "../../../process/orphans.js";
import { tempDirs } from "../../support/temp-dir.js";

describe("processes that a killed run left behind", () => {
  const tempDir = tempDirs();
  const started: ChildProcess[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
  });

  async function someProcess(): Promise<{ child: ChildProcess; pid: number }> {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    started.push(child);
    await once(child, "spawn");
    assert.ok(child.pid !== undefined);
    return { child, pid: child.pid };
  }

  it("are not touched when the process id belongs to another process by now", async () => {
    const { child, pid } = await someProcess();
    const file = join(tempDir(), "processes.json");
    writeFileSync(file, JSON.stringify([{ name: "etcd", pid, started: "another time" }]));
    await endOrphans(file);
    assert.equal(child.exitCode ?? child.signalCode, null);
  });

  it("are ended before a new run takes their database", async () => {
    const { child, pid } = await someProcess();
    const file = join(tempDir(), "processes.json");
    await new ProcessRegistry(file, () => [{ name: "etcd", pid }]).update();
    const exit = once(child, "exit");
    await endOrphans(file);
    await exit;
    assert.equal(child.signalCode, "SIGTERM");
  });

  it("are nothing to worry about on a first run", async () => {
    await endOrphans(join(tempDir(), "processes.json"));
  });

  it("are recorded as of the last change, though changes come quicker than they are written", async () => {
    const file = join(tempDir(), "processes.json");
    let running = [{ name: "self", pid: process.pid }];
    const registry = new ProcessRegistry(file, () => running);
    const first = registry.update();
    running = [];
    await Promise.all([first, registry.update(), registry.update()]);
    assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), []);
  });

  it("have no start when they do not exist", () => {
    assert.equal(processStart(2 ** 22 + 1), undefined);
  });
});

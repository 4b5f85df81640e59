import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ChildSpec } from "../../../process/child.js";
import { waitUntil } from "../../../process/readiness.js";
import { Supervisor } from "../../../process/supervisor.js";
import { tempDirs } from "../../support/temp-dir.js";

describe("the supervisor of components", () => {
  const made: Supervisor[] = [];
  afterEach(async () => {
    for (const supervisor of made.splice(0)) await supervisor.stop(1000);
  });
  // Behind the hook above, so that directories go after the processes in them.
  const tempDir = tempDirs();

  function supervisor(dir: string): Supervisor {
    const fresh = new Supervisor(join(dir, "processes.json"));
    made.push(fresh);
    return fresh;
  }

  function script(dir: string, name: string, source: string): ChildSpec {
    return { name, command: process.execPath, args: ["-e", source], env: {}, cwd: dir, log: join(dir, `${name}.log`) };
  }

  const forever = "setInterval(() => {}, 1000)";

  it("names the component that ends during the start, and shows the end of its log", async () => {
    const dir = tempDir();
    const ours = supervisor(dir);
    await ours.start(script(dir, "etcd", "console.log('disk on fire'); process.exit(3)"));
    await assert.rejects(ours.failed, /etcd ended with exit code 3.*disk on fire/s);
  });

  it("does not forget a component that ended before it began to guard", async () => {
    const dir = tempDir();
    const ours = supervisor(dir);
    await ours.start(script(dir, "etcd", "process.exit(3)"));
    await assert.rejects(ours.failed);
    assert.throws(() => ours.guard(), /etcd ended/);
  });

  it("says which file is missing when a program cannot be started", async () => {
    const dir = tempDir();
    const spec = { ...script(dir, "etcd", ""), command: join(dir, "no-such-etcd") };
    await assert.rejects(supervisor(dir).start(spec), /Cannot start etcd \(.*no-such-etcd\).*Build the toolchain/);
  });

  it("starts a component again that ends later, and writes so into its log", async () => {
    const dir = tempDir();
    const ours = supervisor(dir);
    await ours.start(script(dir, "kwok", forever));
    ours.guard();
    const [first] = ours.pids();
    assert.ok(first !== undefined);
    process.kill(first, "SIGKILL");
    await waitUntil(() => ours.pids()[0] !== first, { what: "the restart", timeout: 5000 });
    assert.match(readFileSync(join(dir, "kwok.log"), "utf8"), /kwok ended by SIGKILL; it is started again in 500 ms/);
  });

  it("outlives the removal of the whole state, and does not bring the directory back", async () => {
    const dir = tempDir();
    const ours = supervisor(dir);
    await ours.start(script(dir, "kwok", forever));
    ours.guard();
    const child = ours.child("kwok");
    rmSync(dir, { recursive: true });
    child?.signal("SIGKILL");
    await child?.exited;
    await ours.stop(1000);
    assert.equal(existsSync(dir), false);
  });

  it("kills what does not end by itself within its grace", async () => {
    const dir = tempDir();
    const ours = supervisor(dir);
    const stubborn = `process.on('SIGTERM', () => {}); console.log('up'); ${forever}`;
    await ours.start(script(dir, "stubborn", stubborn));
    await waitUntil(() => ours.child("stubborn")?.lastLines(1) === "up", { what: "the process", timeout: 5000 });
    const child = ours.child("stubborn");
    await ours.stop(100);
    assert.equal(child?.exit?.signal, "SIGKILL");
  });

  it("stops in the reverse order, so that no process loses one that it depends on", async () => {
    const dir = tempDir();
    const ours = supervisor(dir);
    const order = join(dir, "order");
    const telling = (name: string) =>
      `process.on('SIGTERM', () => { fs.appendFileSync(${JSON.stringify(order)}, '${name} '); process.exit() }); console.log('up'); ${forever}`;
    for (const name of ["one", "two", "three"]) {
      await ours.start(script(dir, name, telling(name)));
      await waitUntil(() => ours.child(name)?.lastLines(1) === "up", { what: name, timeout: 5000 });
    }
    await ours.stop(5000);
    assert.equal(readFileSync(order, "utf8"), "three two one ");
    assert.deepEqual(ours.pids(), []);
  });

  it("keeps the log of the run before", async () => {
    const dir = tempDir();
    const spec = script(dir, "etcd", `console.log('here'); ${forever}`);
    const first = supervisor(dir);
    await first.start(spec);
    await waitUntil(() => first.child("etcd")?.lastLines(1) === "here", { what: "the log", timeout: 5000 });
    await first.stop(1000);
    await supervisor(dir).start(spec);
    assert.ok(existsSync(join(dir, "etcd.previous.log")));
  });
});

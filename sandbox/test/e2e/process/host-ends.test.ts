import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { processStart } from "../../../process/orphans.js";
import { allProcesses } from "../../../process/process-tree.js";
import { waitUntil } from "../../../process/readiness.js";
import { tempDirs } from "../../support/temp-dir.js";

/**
 * A host, such as a test run with a control plane: it starts two components, ends one more in order, and prints the
 * process ids of the two. One of them ignores every signal that a terminal sends.
 */
const program = (dir: string) => `
  import { startChild } from ${JSON.stringify(join(import.meta.dirname, "../../../process/child.ts"))};
  const start = (name, source) => startChild({
    name, command: process.execPath, args: ["-e", source + "setInterval(() => {}, 1000)"], env: {},
    cwd: ${JSON.stringify(dir)}, log: ${JSON.stringify(dir)} + "/" + name + ".log",
  });
  const plain = await start("plain", "");
  const short = await start("short", "");
  const stubborn = await start("stubborn", "for (const s of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(s, () => {}); console.log('up');");
  await short.stop(5000);
  while (stubborn.lastLines(1) !== "up") await new Promise((resolve) => setImmediate(resolve));
  console.log(JSON.stringify([plain.pid, stubborn.pid]));
`;

describe("a process that hosts components", () => {
  const tempDir = tempDirs();
  const hosts: ChildProcess[] = [];
  afterEach(() => {
    for (const host of hosts.splice(0)) host.kill("SIGKILL");
  });

  /** Starts a host in a process group of its own, as a shell would. */
  async function startHost(further: string): Promise<{ host: ChildProcess; pid: number; components: number[] }> {
    const tsx = createRequire(import.meta.url).resolve("tsx");
    const args = ["--import", tsx, "--input-type=module", "--eval", `${program(tempDir())}${further}`];
    const host = spawn(process.execPath, args, { detached: true, stdio: ["ignore", "pipe", "ignore"] });
    hosts.push(host);
    const [line] = (await once(createInterface(host.stdout), "line")) as [string];
    assert.ok(host.pid !== undefined);
    return { host, pid: host.pid, components: JSON.parse(line) as number[] };
  }

  function gone(components: readonly number[]): Promise<void> {
    const running = () => components.filter((pid) => processStart(pid) !== undefined);
    return waitUntil(() => running().length === 0, { what: "The end of the components", timeout: 10_000 });
  }

  const forever = "setInterval(() => {}, 1000);";

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const) {
    it(`leaves none of them when ${signal} ends it`, async () => {
      const { host, components } = await startHost(forever);
      assert.equal(components.filter((pid) => processStart(pid) !== undefined).length, 2);
      const exit = once(host, "exit");
      host.kill(signal);
      await exit;
      await gone(components);
    });
  }

  it("leaves none of them when a terminal interrupts its whole process group", async () => {
    const { host, pid, components } = await startHost(forever);
    const exit = once(host, "exit");
    process.kill(-pid, "SIGINT");
    await exit;
    await gone(components);
  });

  it("leaves none of them when it throws", async () => {
    const { host, components } = await startHost("throw new Error('as it should');");
    if (host.exitCode === null) await once(host, "exit");
    assert.equal(host.exitCode, 1);
    await gone(components);
  });

  it("ends by itself once its components have ended: their guard does not keep it", async () => {
    const { host } = await startHost("await plain.stop(5000); await stubborn.stop(0);");
    if (host.exitCode === null) await once(host, "exit");
    assert.equal(host.exitCode, 0);
  });

  it("has no guard left after its end", async () => {
    const { host, pid } = await startHost(forever);
    const guards = (await allProcesses()).filter(({ parent, name }) => parent === pid && name === "sh");
    assert.equal(guards.length, 1);
    host.kill("SIGKILL");
    await gone(guards.map((guard) => guard.pid));
  });
});

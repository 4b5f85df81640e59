import assert from "node:assert/strict";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import pWaitFor from "p-wait-for";
import { processStart } from "../../../process/orphans.js";
import { type BuildProgress, ensureToolchain } from "../../../toolchain/toolchain.js";
import { FakeMachine, recipe } from "../../support/fake-machine.js";

/** A run in a process of its own is ended in the middle of a build. */
describe("a build that is ended from outside", function () {
  this.timeout(180_000);
  let machine: FakeMachine;
  beforeEach(async () => {
    machine = await FakeMachine.create();
    await machine.write("hold/kwok", "");
  });
  afterEach(async () => {
    await machine.remove("hold");
    await machine.destroy();
  });

  /** Starts a run and answers when it builds kwok, which hangs. */
  const start = async () => {
    const toolchain = join(import.meta.dirname, "../../../toolchain/toolchain.ts");
    const options = { source: machine.path("source"), recipes: [recipe("etcd"), recipe("kwok")] };
    const program = `import { ensureToolchain } from ${JSON.stringify(toolchain)};
      await ensureToolchain(${JSON.stringify(options)});`;
    const child = execa(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
      env: machine.environment,
      reject: false,
    });
    await pWaitFor(async () => (await machine.builtNames()).includes("kwok"), { interval: 50 });
    return { child };
  };
  const finish = async () => {
    const seen: BuildProgress["phase"][] = [];
    await machine.remove("hold/kwok");
    await ensureToolchain({ ...machine.options("etcd", "kwok"), onProgress: ({ phase }) => seen.push(phase) });
    assert.deepEqual(await machine.builtNames(), ["etcd", "kwok", "kwok"]);
    return new Set(seen);
  };

  it("gives its lock back when it is asked to end, so that the next run starts at once where it was", async () => {
    const { child } = await start();
    child.kill("SIGTERM");
    await child;
    await assert.rejects(access(machine.path("cache", "build.lock")));
    assert.ok(!(await finish()).has("waiting"));
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"] as const) {
    it(`leaves no compiler running when ${signal} ends it`, async () => {
      await machine.write("compiler/kwok", "");
      const { child } = await start();
      const compiler = Number(await readFile(machine.path("compiler", "kwok"), "utf8"));
      assert.ok(processStart(compiler) !== undefined);
      child.kill(signal);
      await child;
      await pWaitFor(() => processStart(compiler) === undefined, { interval: 50, timeout: 10_000 });
    });
  }

  it("does not block the next run for ever when it is killed", async () => {
    const { child } = await start();
    child.kill("SIGKILL");
    await child;
    assert.ok((await finish()).has("waiting"));
  });
});

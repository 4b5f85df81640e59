import assert from "node:assert/strict";
import pWaitFor from "p-wait-for";
import { buildMissing } from "../../../toolchain/build.js";
import { planToolchain } from "../../../toolchain/plan.js";
import type { BuildProgress } from "../../../toolchain/progress.js";
import { FakeMachine, recipe } from "../../support/fake-machine.js";

describe("two builds at once", () => {
  let machine: FakeMachine;
  let seen: BuildProgress[];
  beforeEach(async () => {
    machine = await FakeMachine.create();
    await machine.write("source/two/go.mod", "module two\n\ngo 1.26.0\n");
    seen = [];
  });
  afterEach(async () => {
    await machine.remove("hold");
    await machine.destroy();
  });

  const recipes = [recipe("etcd"), recipe("kubectl"), recipe("kwok", { module: "two" })];
  const run = async (processors: number) => {
    const plan = await planToolchain({ ...machine.options(), recipes });
    const large = () => ({ processors, availableBytes: 64 * 2 ** 30, freeDiskBytes: 100e9 });
    await buildMissing(plan, new AbortController().signal, (event) => seen.push(event), large);
  };

  it("are those of two module folders, and both show in the progress", async () => {
    for (const name of ["etcd", "kubectl", "kwok"]) await machine.write(`hold/${name}`, "");
    const running = run(4);
    await pWaitFor(async () => (await machine.builds()).length === 2);
    assert.deepEqual([...(await machine.builtNames())].sort(), ["etcd", "kwok"]);
    const both = /^\[1\/3\] etcd v1\.0\.0: .*; \[2\/3\] kwok v1\.0\.0: .*; about \d+ min left$/;
    await pWaitFor(() => seen.some(({ message }) => both.test(message)));
    await machine.remove("hold");
    await running;
    assert.equal((await machine.builtNames()).at(-1), "kubectl");
    assert.deepEqual(seen.at(-1)?.done, 3);
  });

  it("end together when one of them fails, and the next run builds what is missing", async () => {
    for (const name of ["etcd", "kwok"]) await machine.write(`hold/${name}`, "");
    await machine.write("fail/kwok", "undefined: x");
    const failed = assert.rejects(run(4), /^ToolchainError: building kwok v1\.0\.0 failed/);
    await pWaitFor(async () => (await machine.builds()).length === 2);
    await machine.remove("hold/kwok");
    // etcd would go on for ever.
    await failed;
    await machine.remove("hold");
    await machine.remove("fail/kwok");
    await run(4);
    assert.deepEqual([...(await machine.builtNames())].sort(), ["etcd", "etcd", "kubectl", "kwok", "kwok"]);
  });

  it("are one on a small machine", async () => {
    await machine.write("hold/etcd", "");
    const running = run(1);
    await pWaitFor(async () => (await machine.downloads()).length === 2 && (await machine.builds()).length > 0);
    assert.deepEqual(await machine.builtNames(), ["etcd"]);
    await machine.remove("hold");
    await running;
    assert.deepEqual(await machine.builtNames(), ["etcd", "kubectl", "kwok"]);
  });
});

import assert from "node:assert/strict";
import pWaitFor from "p-wait-for";
import { type BuildProgress, ensureToolchain } from "../../../toolchain/toolchain.js";
import { FakeMachine, recipe } from "../../support/fake-machine.js";

describe("ensureToolchain: progress", () => {
  let machine: FakeMachine;
  beforeEach(async () => {
    machine = await FakeMachine.create();
  });
  afterEach(async () => {
    await machine.destroy();
  });

  it("with everything cached nothing is built, and only the end is reported", async () => {
    await ensureToolchain(machine.options("etcd", "kwok"));
    const seen: BuildProgress[] = [];
    await ensureToolchain({ ...machine.options("etcd", "kwok"), onProgress: (event) => seen.push(event) });
    assert.deepEqual(
      seen.map(({ phase, message }) => [phase, message]),
      [["ready", "Real parts of the sandbox: all 2 there"]],
    );
    assert.deepEqual(await machine.builtNames(), ["etcd", "kwok"]);
  });

  it("says up front how much there is to do, and then which part of how many", async () => {
    const seen: BuildProgress[] = [];
    await ensureToolchain({ ...machine.options("etcd", "kwok"), onProgress: (event) => seen.push(event) });
    assert.match(
      seen[0]?.message ?? "",
      /^2 of the sandbox's real parts must be built from Go sources: about 2 to 4 min on 2 cores, far less /,
    );
    assert.deepEqual(
      // A build that takes longer than a second is heard of in between.
      seen.filter(({ phase }) => phase !== "tick").map(({ phase, part, done, total }) => [phase, part, done, total]),
      [
        ["plan", undefined, 0, 2],
        ["start", "etcd", 0, 2],
        ["built", "etcd", 1, 2],
        ["start", "kwok", 1, 2],
        ["built", "kwok", 2, 2],
        ["ready", undefined, 2, 2],
      ],
    );
    assert.match(seen[1]?.message ?? "", /^\[1\/2\] etcd v1\.0\.0: building; about 3 min left$/);
  });

  it("says while it builds which part compiles, how far it is and how long all will take", async () => {
    await machine.write("hold/etcd", "");
    await machine.write("compiles/etcd", "go: downloading example.org/a v1.0.0\ninternal/cpu\nexample.org/a/b\n");
    const seen: BuildProgress[] = [];
    const recipes = [recipe("etcd", { coldPackages: 4, coldSeconds: 600 })];
    const running = ensureToolchain({ ...machine.options(), recipes, onProgress: (event) => seen.push(event) });
    await pWaitFor(() => seen.some(({ phase }) => phase === "tick"));
    await machine.remove("hold/etcd");
    await running;
    const ticks = seen.filter(({ phase }) => phase === "tick");
    assert.match(
      ticks.at(-1)?.message ?? "",
      /^\[1\/1\] etcd v1\.0\.0: 2 of about 4 packages compiled; (about \d+ min|less than a minute) left$/,
    );
  });
});

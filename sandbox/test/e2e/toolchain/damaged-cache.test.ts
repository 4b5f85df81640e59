import assert from "node:assert/strict";
import { chmod, chown, readdir, readFile, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ToolchainError } from "../../../toolchain/error.js";
import { ensureToolchain } from "../../../toolchain/toolchain.js";
import { FakeMachine } from "../../support/fake-machine.js";

/** An account without rights, as which root tries what it could otherwise do everywhere. */
const nobody = 65_534;

describe("a cache of parts", () => {
  let machine: FakeMachine;
  let partFolder: string;
  beforeEach(async () => {
    machine = await FakeMachine.create();
    await run();
    const [etcd = ""] = (await readdir(machine.path("cache", "parts"))).filter((name) => name.startsWith("etcd-"));
    partFolder = machine.path("cache", "parts", etcd);
  });
  afterEach(async () => {
    await machine.destroy();
  });
  const run = () => ensureToolchain(machine.options("etcd", "kwok"));

  const damages: Record<string, () => Promise<void>> = {
    "is shorter": () => truncate(join(partFolder, "etcd"), 3),
    "has another content of the same size": async () => {
      const size = (await readFile(join(partFolder, "etcd"))).length;
      await writeFile(join(partFolder, "etcd"), "x".repeat(size));
      // In the second in which it was built, nothing but its content would tell.
      await utimes(join(partFolder, "etcd"), new Date(), new Date(Date.now() + 5000));
    },
    "is gone": async () => {
      await rm(join(partFolder, "etcd"));
      for (const name of await readdir(machine.path("cache"))) {
        if (name !== "parts") await machine.remove(join("cache", name));
      }
    },
    "has lost its record": () => rm(join(partFolder, "part.json")),
    "has a record that is not JSON": () => writeFile(join(partFolder, "part.json"), '{"key":'),
    "has a record of another form": () => writeFile(join(partFolder, "part.json"), "[]"),
    "is a file": async () => {
      await rm(partFolder, { recursive: true });
      await writeFile(partFolder, "");
    },
  };
  for (const [damage, make] of Object.entries(damages)) {
    it(`has a part built again that ${damage}, and no other`, async () => {
      await make();
      const { bin } = await run();
      assert.deepEqual(await machine.builtNames(), ["etcd", "kwok", "etcd"]);
      assert.equal(await readFile(join(bin, "etcd"), "utf8"), "program etcd");
    });
  }

  it("keeps a part whose time was changed, as by an archive, but not its content", async () => {
    await utimes(join(partFolder, "etcd"), new Date(0), new Date(0));
    await run();
    assert.deepEqual(await machine.builtNames(), ["etcd", "kwok"]);
  });

  it("keeps the parts of an older version, whose records have only a size", async () => {
    const record = JSON.parse(await readFile(join(partFolder, "part.json"), "utf8")) as { key: string; bytes: number };
    await writeFile(join(partFolder, "part.json"), JSON.stringify({ key: record.key, bytes: record.bytes }));
    await run();
    assert.deepEqual(await machine.builtNames(), ["etcd", "kwok"]);
  });

  it("that is no folder is named, with the variable that chooses another", async () => {
    await machine.write("file", "");
    const environment = { ...machine.environment, FLEET_TOOLCHAIN_CACHE: machine.path("file", "cache") };
    await assert.rejects(
      ensureToolchain({ ...machine.options("etcd"), environment }),
      (error) =>
        error instanceof ToolchainError &&
        /^the cache of the sandbox's parts, .*cannot be used: a part of the path is not a folder/.test(error.message) &&
        /FLEET_TOOLCHAIN_CACHE to another folder/.test(error.advice),
    );
  });

  describe("that cannot be written", () => {
    let effective: number | undefined;
    beforeEach(async () => {
      const own = process.geteuid?.() === 0 ? nobody : (process.geteuid?.() ?? nobody);
      for (const name of ["", ...(await readdir(machine.root, { recursive: true }))]) {
        if (own === nobody) await chown(machine.path(name), nobody, nobody);
      }
      for (const folder of ["cache", "cache/parts", "source", "source/one"]) await chmod(machine.path(folder), 0o555);
      if (own === nobody) {
        effective = 0;
        process.seteuid?.(nobody);
      }
    });
    afterEach(async () => {
      if (effective !== undefined) process.seteuid?.(effective);
      for (const folder of ["cache", "cache/parts", "source", "source/one"]) await chmod(machine.path(folder), 0o755);
    });

    it("is enough when all is there", async () => {
      await run();
      assert.deepEqual(await machine.builtNames(), ["etcd", "kwok"]);
    });

    it("is named when something must be built, before anything is", async () => {
      await assert.rejects(ensureToolchain(machine.options("etcd", "kwok", "flux")), (error) => {
        assert.ok(error instanceof ToolchainError, String(error));
        assert.match(error.message, /^the cache of the sandbox's parts, \S+, cannot be used: permission denied/);
        return true;
      });
      assert.deepEqual(await machine.builtNames(), ["etcd", "kwok"]);
    });

    it("does not matter in the checkout: nothing is written to it", async () => {
      const environment = { ...machine.environment, FLEET_TOOLCHAIN_CACHE: machine.path("empty", "cache") };
      await ensureToolchain({ ...machine.options("etcd"), environment });
      assert.deepEqual(await machine.builtNames(), ["etcd", "kwok", "etcd"]);
    });
  });
});

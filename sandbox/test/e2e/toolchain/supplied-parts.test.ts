import assert from "node:assert/strict";
import { chmod, chown, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { ToolchainError } from "../../../toolchain/error.js";
import { type BuildProgress, ensureToolchain } from "../../../toolchain/toolchain.js";
import { FakeMachine, recipe } from "../../support/fake-machine.js";

describe("programs of the machine (FLEET_PARTS)", () => {
  let machine: FakeMachine;
  let seen: BuildProgress[];
  beforeEach(async () => {
    machine = await FakeMachine.create();
    await mkdir(machine.path("own"));
    seen = [];
  });
  afterEach(async () => {
    await machine.destroy();
  });

  /** A kubectl that prints a version, and more. */
  const kubectl = async (version: string, folder = "own") => {
    await machine.write(
      `${folder}/kubectl`,
      `#!/bin/sh\necho 'Client Version: ${version}'\necho 'Kustomize Version: v5'\n`,
    );
    await chmod(machine.path(folder, "kubectl"), 0o755);
  };
  const recipes = [recipe("kubectl"), recipe("manifests", { needs: ["kubectl"] }), recipe("etcd")];
  const run = (folders = machine.path("own")) => {
    const environment = { ...machine.environment, FLEET_PARTS: folders };
    return ensureToolchain({ ...machine.options(), recipes, environment, onProgress: (event) => seen.push(event) });
  };
  const notes = () => seen.filter(({ phase }) => phase === "supplied").map(({ message }) => message);
  /** The program is not used, and the run says why. */
  const builtInstead = async (reason: RegExp) => {
    const { bin } = await run();
    assert.equal(await readFile(join(bin, "kubectl"), "utf8"), "program kubectl");
    assert.equal(notes().length, 1);
    assert.match(notes()[0] ?? "", reason);
    assert.match(seen.at(-1)?.message ?? "", /^Real parts of the sandbox: all 3 there$/);
  };

  it("are not used at another version: which, found and wanted is said, and the part is built", async () => {
    await kubectl("v1.35.0");
    await builtInstead(
      /^FLEET_PARTS: \S+\/own\/kubectl is v1\.35\.0, not v1\.0\.0\. kubectl v1\.0\.0 is built instead\.$/,
    );
  });

  for (const version of ["v1.0.0-eks-1", "v1.0.0+k3s1", "v1.0", "1.0.01"]) {
    it(`are not used at a version that only resembles the wanted one: ${version}`, async () => {
      await kubectl(version);
      await builtInstead(/\/own\/kubectl is v1\.\S+, not v1\.0\.0\./);
    });
  }

  it("are not used if they fail when they are asked", async () => {
    await machine.write("own/kubectl", "#!/bin/sh\necho 'Client Version: v1.0.0'\nexit 3\n");
    await chmod(machine.path("own/kubectl"), 0o755);
    await builtInstead(/does not print its version \(.*exit code 3/);
  });

  it("are not used if they cannot be run", async () => {
    await machine.write("own/kubectl", "text");
    await builtInstead(/does not print its version \(/);
  });

  it("are not used if their answer has another form", async () => {
    await machine.write("own/kubectl", "#!/bin/sh\necho v1.0.0\n");
    await chmod(machine.path("own/kubectl"), 0o755);
    await builtInstead(/prints a version in another form/);
  });

  it("are not used, nor run, if every account of the machine can write them", async () => {
    await machine.write("own/kubectl", `#!/bin/sh\ntouch ${machine.path("ran")}\necho 'Client Version: v1.0.0'\n`);
    await chmod(machine.path("own/kubectl"), 0o777);
    await builtInstead(/can be written by every account of this machine\./);
    assert.ok(!(await readdir(machine.root)).includes("ran"));
  });

  it("are not used, nor run, if a link leads to a folder that every account can write", async () => {
    await kubectl("v1.0.0", "open");
    await chmod(machine.path("open"), 0o777);
    await symlink(machine.path("open/kubectl"), machine.path("own/kubectl"));
    await builtInstead(/or its folder can be written by every account of this machine\./);
  });

  it("are not used if they print no version, as Flux's controllers do", async () => {
    await machine.write("own/manifests", "#!/bin/sh\necho v1.0.0\n");
    const { bin } = await run();
    assert.match(
      notes()[0] ?? "",
      /\/own\/manifests prints no version, so it cannot be checked\. manifests v1\.0\.0 is built/,
    );
    assert.equal(await readFile(join(bin, "manifests"), "utf8"), "program manifests");
  });

  const refusedFolders: Record<string, () => Promise<readonly [string, RegExp]>> = {
    "does not exist": async () => [machine.path("none"), /^FLEET_PARTS names \S+none, which is no folder\n/],
    "is a file": async () => [machine.path("settings.json"), /which is no folder/],
    "is a relative path, which a checkout could fill": async () => ["own", /which is no absolute path/],
    "every account can write": async () => {
      await chmod(machine.path("own"), 0o1777);
      return [machine.path("own"), /can be written by every account of this machine: its programs would run as you/];
    },
  };
  for (const [why, make] of Object.entries(refusedFolders)) {
    it(`end the run if their folder ${why}`, async () => {
      const [folder, message] = await make();
      await assert.rejects(run(folder), (error) => error instanceof ToolchainError && message.test(error.message));
      assert.deepEqual(await machine.builds(), []);
    });
  }

  it("end the run if their folder belongs to another account", async function () {
    // Only root can give a folder away.
    if (process.geteuid?.() !== 0) this.skip();
    await chown(machine.path("own"), 65_534, 65_534);
    await assert.rejects(run(), /which belongs to another account \(65534\)/);
  });

  it("are used at the pinned version, and the run says so", async () => {
    await kubectl("v1.0.0");
    const { bin } = await run();
    assert.deepEqual([...(await machine.builtNames())].sort(), ["etcd", "manifests"]);
    assert.equal(await readFile(join(bin, "kubectl"), "utf8"), await readFile(machine.path("own/kubectl"), "utf8"));
    assert.deepEqual(notes(), [`FLEET_PARTS: ${machine.path("own/kubectl")} is kubectl v1.0.0, and is used.`]);
    assert.match(seen.at(-1)?.message ?? "", /: all 3 there, 1 of them from FLEET_PARTS: kubectl$/);
  });

  it("are looked at, but not named, if the run does not ask for their part", async () => {
    await kubectl("v1.0.0");
    const environment = { ...machine.environment, FLEET_PARTS: machine.path("own") };
    const onProgress = (event: BuildProgress) => seen.push(event);
    await ensureToolchain({ ...machine.options(), recipes, environment, parts: ["etcd"], onProgress });
    assert.deepEqual(notes(), []);
    assert.deepEqual(await machine.builtNames(), ["etcd"]);
  });

  it("need no estimate if all is copied", async () => {
    await kubectl("v1.0.0");
    const environment = { ...machine.environment, FLEET_PARTS: machine.path("own") };
    const onProgress = (event: BuildProgress) => seen.push(event);
    await ensureToolchain({ ...machine.options(), recipes, environment, parts: ["kubectl"], onProgress });
    assert.deepEqual(
      seen.filter(({ phase }) => phase !== "tick").map(({ phase }) => phase),
      ["supplied", "start", "built", "ready"],
    );
  });

  it("are taken from the first folder that has the pinned version", async () => {
    await kubectl("v1.35.0");
    await kubectl("v1.0.0", "second");
    await run([machine.path("own"), machine.path("second")].join(delimiter));
    assert.equal(notes().length, 2);
    assert.match(notes()[1] ?? "", /second\/kubectl is kubectl v1\.0\.0, and is used/);
  });

  it("never become parts of runs without them, nor does what was made with them", async () => {
    await kubectl("v1.0.0");
    const { bin } = await run();
    const plain = await run("");
    assert.notEqual(plain.bin, bin);
    const names = await machine.builtNames();
    // Two parts are built at once.
    assert.deepEqual(
      [names.slice(0, 2).sort(), names.slice(2)],
      [
        ["etcd", "manifests"],
        ["kubectl", "manifests"],
      ],
    );
    assert.equal(await readFile(join(plain.bin, "kubectl"), "utf8"), "program kubectl");
  });

  it("are copied: another program in the same place is checked anew, and the first stays as it was", async () => {
    await kubectl("v1.0.0");
    const { bin } = await run();
    const used = await readFile(join(bin, "kubectl"), "utf8");
    await kubectl("v2.0.0");
    assert.equal(await readFile(join(bin, "kubectl"), "utf8"), used);
    seen = [];
    await builtInstead(/is v2\.0\.0, not v1\.0\.0/);
  });
});

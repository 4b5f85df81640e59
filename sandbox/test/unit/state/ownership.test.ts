import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareEngine } from "../../../engine/engine.js";
import { down } from "../../../lifecycle/down.js";
import { up } from "../../../lifecycle/up.js";
import { claimStateDirectory, deleteStateDirectory, hasSandbox, markName } from "../../../state/ownership.js";
import { type StatePaths, statePaths } from "../../../state/state-directory.js";

const toolchain = { key: "key", dir: "/t", bin: "/t/bin", plugins: "/t/plugins", manifests: "/t/manifests" };

describe("the folder of a sandbox", () => {
  let scratch: string;
  let directory: string;
  let paths: StatePaths;

  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "fleet-ownership-"));
    directory = join(scratch, "state");
    paths = statePaths(directory);
  });
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  /** Another program's files, one of them where a sandbox keeps its records. */
  function writeForeignFiles(): void {
    mkdirSync(join(directory, "daemons"), { recursive: true });
    writeFileSync(join(directory, "daemons", "github.json"), "{}");
    writeFileSync(join(directory, "thesis.txt"), "three years of work");
  }

  /** The folder as older versions left it, which set no mark. */
  async function makeUnmarked(): Promise<void> {
    await prepareEngine(paths, toolchain);
    writeFileSync(paths.secrets, "damaged");
  }

  const foreign = /state is not the folder of a sandbox: it holds daemons, thesis\.txt\. Nothing in it was changed\./;

  for (const [what, call] of [
    ["purge", () => down({ stateDirectory: directory, purge: true })],
    ["down", () => down({ stateDirectory: directory })],
    ["down for one stack", () => down({ stateDirectory: directory, stack: "staging" })],
    ["up", () => up({ stateDirectory: directory, stack: "staging", toolchain })],
  ] as const) {
    it(`is not another program's: ${what} refuses that, and changes nothing in it`, async () => {
      writeForeignFiles();
      await assert.rejects(call(), foreign);
      assert.deepEqual(readdirSync(directory, { recursive: true }).sort(), [
        "daemons",
        join("daemons", "github.json"),
        "thesis.txt",
      ]);
    });
  }

  it("is deleted by a daemon only if a sandbox made it", async () => {
    writeForeignFiles();
    await deleteStateDirectory(paths);
    assert.ok(existsSync(join(directory, "thesis.txt")));
  });

  it("is not deleted with files that came into an unmarked one, and the refusal names them", async () => {
    await makeUnmarked();
    writeFileSync(join(directory, "thesis.txt"), "three years of work");
    // A later start does not make these files its own.
    await claimStateDirectory(paths);
    await assert.rejects(
      down({ stateDirectory: directory, purge: true }),
      /also holds files that are not the sandbox's, so it is not deleted: thesis\.txt\.\nWhat to do: move them/,
    );
    assert.ok(existsSync(join(directory, "thesis.txt")));
    assert.deepEqual(await down({ stateDirectory: directory }), []);
  });

  it("that an older version made is purged", async () => {
    await makeUnmarked();
    await down({ stateDirectory: directory, purge: true });
    assert.equal(existsSync(directory), false);
  });

  it("is marked by the next start where an older version made it", async () => {
    await makeUnmarked();
    await claimStateDirectory(paths);
    assert.ok(existsSync(join(directory, markName)));
  });

  it("is purged with all that it holds when a sandbox made it", async () => {
    await claimStateDirectory(paths);
    writeForeignFiles();
    await down({ stateDirectory: directory, purge: true });
    assert.equal(existsSync(directory), false);
  });

  it("may be an empty folder, which a purge leaves as it is", async () => {
    mkdirSync(directory);
    assert.equal(await hasSandbox(paths, { purge: true }), false);
    await down({ stateDirectory: directory, purge: true });
    assert.deepEqual(readdirSync(directory), []);
    await claimStateDirectory(paths);
    assert.deepEqual(readdirSync(directory), [markName]);
  });

  it("may be a symbolic link: the purge deletes the data, not the link alone", async () => {
    const target = join(scratch, "target");
    mkdirSync(target);
    symlinkSync(target, directory);
    await claimStateDirectory(paths);
    writeFileSync(paths.secrets, "{}");
    await down({ stateDirectory: directory, purge: true });
    assert.deepEqual(readdirSync(scratch), []);
  });

  it("does not exist before a start", async () => {
    assert.equal(await hasSandbox(paths, { purge: true }), false);
    assert.equal(existsSync(directory), false);
  });
});

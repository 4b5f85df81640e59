import assert from "node:assert/strict";
import { restrictions } from "../../../../cli/diff/restrictions.js";

const needed = { folders: ["/checkout", "/packages"], written: "/temporary/recorded" };
const namesOf = (flags: readonly string[]) => flags.map((flag) => flag.replace(/=.*/, ""));

describe("the flags of a process that runs the code of anyone", () => {
  it("let it write one file alone, on every version of Node", () => {
    for (const known of [[], ["--permission"], ["--permission", "--allow-net"]]) {
      const flags = restrictions(needed, new Set(known));
      assert.deepEqual(
        flags.filter((flag) => flag.startsWith("--allow-fs-write")),
        ["--allow-fs-write=/temporary/recorded"],
      );
      assert.equal(flags.filter((flag) => /^--(?:experimental-)?permission$/.test(flag)).length, 1);
      assert.ok(
        !namesOf(flags).some((name) => ["--allow-child-process", "--allow-worker", "--allow-addons"].includes(name)),
      );
    }
  });

  it("let it read the folders alone, where Node can", () => {
    const read = (known: readonly string[]) =>
      restrictions(needed, new Set(known)).filter((flag) => flag.startsWith("--allow-fs-read"));
    assert.deepEqual(read(["--permission"]), ["--allow-fs-read=/checkout", "--allow-fs-read=/packages"]);
    assert.deepEqual(read([]), ["--allow-fs-read=*"]);
  });

  it("open the network where Node closes it", () => {
    assert.ok(restrictions(needed, new Set(["--permission", "--allow-net"])).includes("--allow-net"));
    assert.ok(!restrictions(needed, new Set(["--permission"])).includes("--allow-net"));
  });

  it("are known to this version of Node", () => {
    const unknown = namesOf(restrictions(needed)).filter((name) => !process.allowedNodeEnvironmentFlags.has(name));
    assert.deepEqual(unknown, []);
  });
});

import assert from "node:assert/strict";
import { mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "../../../lib/make-directory.js";
import { tempDirs } from "../../support/temp-dir.js";

const code = (expected: string) => (error: NodeJS.ErrnoException) => error.code === expected;

describe("a directory of the sandbox", () => {
  const tempDir = tempDirs();

  it("is refused where the system has no such place, and Node would try for ever", async function () {
    if (process.platform !== "linux") this.skip();
    await assert.rejects(makeDirectory("/proc/fleet-of-a-test/state"), code("ENOENT"));
  });

  it("is refused below a link that leads nowhere, and below a file", async () => {
    const dir = tempDir();
    symlinkSync(join(dir, "unmounted"), join(dir, "link"));
    writeFileSync(join(dir, "file"), "");
    await assert.rejects(makeDirectory(join(dir, "link")), code("ENOENT"));
    await assert.rejects(makeDirectory(join(dir, "file", "state")), code("ENOTDIR"));
    await assert.rejects(makeDirectory(join(dir, "file")), code("EEXIST"));
  });

  it("is made with those on the way, each with the mode", async () => {
    const dir = tempDir();
    await makeDirectory(join(dir, "one", "two", "three"), 0o700);
    for (const path of ["one", "one/two", "one/two/three"]) assert.equal(statSync(join(dir, path)).mode & 0o777, 0o700);
  });

  it("may be there already, behind a link too, and keeps its mode", async () => {
    const dir = tempDir();
    mkdirSync(join(dir, "target"), { mode: 0o750 });
    symlinkSync(join(dir, "target"), join(dir, "link"));
    await makeDirectory(join(dir, "link"), 0o700);
    assert.equal(statSync(join(dir, "target")).mode & 0o777, 0o750);
  });

  it("is made once by several commands at the same time", async () => {
    const path = join(tempDir(), "one", "two", "three");
    await Promise.all(Array.from({ length: 20 }, () => makeDirectory(path)));
    assert.ok(statSync(path).isDirectory());
  });
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writePrivateFile } from "../../../lib/private-file.js";
import { tempDirs } from "../../support/temp-dir.js";

describe("a private file", () => {
  const tempDir = tempDirs();

  it("becomes private even if an open one was there before", async () => {
    const file = join(tempDir(), "kubeconfig");
    writeFileSync(file, "old", { mode: 0o644 });
    await writePrivateFile(file, "new");
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(readFileSync(file, "utf8"), "new");
  });

  it("is whole after writes at the same time, with no draft left beside it", async () => {
    const dir = tempDir();
    const file = join(dir, "file");
    const contents = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(1000));
    await Promise.all(contents.map((content) => writePrivateFile(file, content)));
    assert.ok(contents.includes(readFileSync(file, "utf8")));
    assert.deepEqual(readdirSync(dir), ["file"]);
  });
});

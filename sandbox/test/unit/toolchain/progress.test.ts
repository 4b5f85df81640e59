import assert from "node:assert/strict";
import { downloadNote } from "../../../toolchain/progress.js";

describe("the download in the progress of a build", () => {
  const line = "go: downloading k8s.io/api v0.36.3";

  it("is not shown while Go compiles, long after the last one began", () => {
    assert.equal(downloadNote(line, 6), "");
    assert.equal(downloadNote(line, 1200), "");
  });

  for (const other of ["", "go: finding module", "# k8s.io/api: downloading failed"]) {
    it(`is not taken from another line: ${JSON.stringify(other)}`, () => assert.equal(downloadNote(other, 0), ""));
  }

  it("is shown when it has just begun", () => {
    assert.equal(downloadNote(line, 0), ", downloading k8s.io/api v0.36.3");
  });
});

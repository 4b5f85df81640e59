import assert from "node:assert/strict";
import { diskWarning, firstBuildGB } from "../../../toolchain/first-build.js";
import { planMessage } from "../../../toolchain/progress.js";

describe("the plan of a first build", () => {
  it("warns of a disk that is too small for it, before it begins", () => {
    assert.match(planMessage(26, 1200, 9.9e9), /A first build takes about 12 GB of disk, and 9 GB are free\.$/);
  });

  it("says nothing of a disk with enough space", () => {
    assert.equal(diskWarning(firstBuildGB * 1e9), "");
    assert.notEqual(diskWarning(firstBuildGB * 1e9 - 1), "");
  });
});

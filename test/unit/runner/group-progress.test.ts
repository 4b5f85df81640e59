import assert from "node:assert/strict";
import { GroupProgress } from "../../support/runner/group-progress.js";

describe("GroupProgress", () => {
  it("says which of how many begins and has ended, how long it took, and how long all of it so far", () => {
    const lines: string[] = [];
    let now = 0;
    const progress = new GroupProgress(
      3,
      (line) => lines.push(line),
      () => now,
    );
    now = 60_000;
    const one = progress.begin("one");
    now = 75_000;
    const two = progress.begin("two");
    now = 100_000;
    two("2 passed, 0 failed");
    now = 135_000;
    one("1 passed, 1 failed");
    assert.deepEqual(lines, [
      "[1/3] one begins",
      "[2/3] two begins",
      "[2/3] two: 2 passed, 0 failed, 25 s (1 min 40 s in all)",
      "[1/3] one: 1 passed, 1 failed, 1 min 15 s (2 min 15 s in all)",
    ]);
  });
});

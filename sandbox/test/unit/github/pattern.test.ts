import assert from "node:assert/strict";
import { isSupported, matchesRef } from "../../../github/rules/pattern.js";

describe("GitHub emulator: patterns of reference names", () => {
  for (const pattern of [
    "refs/heads/*",
    "refs/heads/release/**/*",
    "refs/heads/v?",
    "refs/heads/v[12]",
    "refs/tags/a",
  ]) {
    it(`does not support ${pattern}`, () => assert.ok(!isSupported(pattern)));
  }

  it("supports every pattern of the default branch, of all branches and of one branch", () => {
    for (const pattern of ["~ALL", "~DEFAULT_BRANCH", "refs/heads/main", "refs/heads/feature/a"]) {
      assert.ok(isSupported(pattern), pattern);
    }
  });

  it("matches a name as it is written, and no name that only begins with it", () => {
    const refName = { include: ["refs/heads/release"], exclude: [] };
    assert.ok(matchesRef(refName, "refs/heads/release", "main"));
    assert.ok(!matchesRef(refName, "refs/heads/release-1", "main"));
  });

  it("matches nothing without a condition, and nothing that is excluded", () => {
    assert.ok(!matchesRef(null, "refs/heads/main", "main"));
    assert.ok(matchesRef({ include: ["~DEFAULT_BRANCH"], exclude: [] }, "refs/heads/trunk", "trunk"));
    assert.ok(!matchesRef({ include: ["~ALL"], exclude: ["refs/heads/free"] }, "refs/heads/free", "main"));
  });
});

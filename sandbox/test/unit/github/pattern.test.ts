import assert from "node:assert/strict";
import { matchesPattern, matchesRef } from "../../../github/rules/pattern.js";

describe("GitHub emulator: patterns of reference names", () => {
  it("stops a single star at a slash", () => {
    assert.ok(!matchesPattern("refs/heads/*", "refs/heads/a/b"));
    assert.ok(matchesPattern("refs/heads/*", "refs/heads/a"));
    assert.ok(!matchesPattern("refs/heads/release", "refs/heads/release-1"));
  });

  it("takes what is special in regular expressions as it is written", () => {
    assert.ok(!matchesPattern("refs/heads/v1.0", "refs/heads/v1x0"));
    assert.ok(matchesPattern("refs/heads/a+(b)", "refs/heads/a+(b)"));
  });

  it("goes through directories with two stars", () => {
    for (const ref of ["refs/heads/release/1", "refs/heads/release/a/b/1"]) {
      assert.ok(matchesPattern("refs/heads/release/**/*", ref));
    }
    assert.ok(!matchesPattern("refs/heads/release/**/*", "refs/heads/releases/1"));
  });

  it("knows character sets and single characters", () => {
    assert.ok(matchesPattern("refs/heads/v[12]?", "refs/heads/v1a"));
    assert.ok(!matchesPattern("refs/heads/v[!12]", "refs/heads/v1"));
    assert.ok(!matchesPattern("refs/heads/v?", "refs/heads/v/"));
  });

  it("speaks about nothing without a condition, and never about what is excluded", () => {
    assert.ok(!matchesRef(null, "refs/heads/main", "main"));
    assert.ok(matchesRef({ include: ["~DEFAULT_BRANCH"], exclude: [] }, "refs/heads/trunk", "trunk"));
    assert.ok(!matchesRef({ include: ["~ALL"], exclude: ["refs/heads/free/*"] }, "refs/heads/free/x", "main"));
  });
});

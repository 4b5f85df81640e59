import assert from "node:assert/strict";
import { isOlder } from "../../../sandbox/toolchain/go.js";

describe("isOlder", () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ["go1.25.11", true],
    ["go1.9", true],
    ["go1.26rc1", false],
    ["go1.26", false],
    ["go1.26.0", false],
    ["go1.26.8", false],
    ["go1.27", false],
    ["devel go1.28-1a2b3c", false],
    ["go2.0", false],
    ["", true],
  ];
  for (const [version, expected] of cases) {
    it(`${version || "no version"} is ${expected ? "" : "not "}too old for 1.26.0`, () => {
      assert.equal(isOlder(version, "1.26.0"), expected);
    });
  }
});

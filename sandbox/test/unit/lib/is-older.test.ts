import assert from "node:assert/strict";
import { isOlder } from "../../../lib/is-older.js";

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

  for (const version of ["git version 2.37.1 (Apple Git-137.1)", "git version 2.9.5"]) {
    it(`${version} is too old for 2.38.0`, () => assert.ok(isOlder(version, "2.38.0")));
  }

  for (const version of ["git version 2.38.0", "git version 2.50.1.windows.1", "git version 3.0.0-rc1"]) {
    it(`${version} is not too old for 2.38.0`, () => assert.ok(!isOlder(version, "2.38.0")));
  }
});

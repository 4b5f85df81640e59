import assert from "node:assert/strict";
import { mochaGroups } from "../../support/mocha-groups.js";
import { withTree } from "../stacks/tree.js";

describe("mochaGroups", () => {
  const files = {
    "test/e2e/fleet/b.test.ts": "",
    "test/e2e/fleet/a.test.ts": "",
    "test/e2e/fleet/helper.ts": "",
    "test/e2e/short/one.test.ts": "",
    "test/e2e/short/two.test.ts": "",
    "test/unit/other.test.ts": "",
  };

  it("leaves files alone, and folders together that shall be, and those last", () => {
    assert.deepEqual(
      withTree(files, (root) => mochaGroups(root, "test/e2e", new Set(["short"]))),
      [
        { name: "test/e2e/fleet/a.test.ts", files: ["test/e2e/fleet/a.test.ts"] },
        { name: "test/e2e/fleet/b.test.ts", files: ["test/e2e/fleet/b.test.ts"] },
        { name: "test/e2e/short", files: ["test/e2e/short/one.test.ts", "test/e2e/short/two.test.ts"] },
      ],
    );
  });

  it("refuses a folder without tests, which would pass for success, and a name of no folder", () => {
    assert.throws(() => withTree(files, (root) => mochaGroups(root, "test/e2e", new Set(["shrot"]))), /shrot/);
    assert.throws(
      () => withTree({ "test/e2e/x.ts": "" }, (root) => mochaGroups(root, "test/e2e", new Set())),
      /no test/,
    );
  });
});

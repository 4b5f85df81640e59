import assert from "node:assert/strict";
import { mochaGroups } from "../../support/runner/mocha-groups.js";
import { withTree } from "../../support/unit/checkout-tree.js";

describe("mochaGroups", () => {
  const files = {
    "test/e2e/fleet/b.test.ts": "",
    "test/e2e/fleet/a.test.ts": "",
    "test/e2e/fleet/helper.ts": "",
    "test/e2e/brief/one.test.ts": "",
    "test/e2e/brief/two.test.ts": "",
    "test/e2e/main/d.test.ts": "",
    "test/e2e/main/c.test.ts": "",
    "test/unit/other.test.ts": "",
  };

  it("leaves files alone, but folders together that shall be: what shares a sandbox first, what is short last", () => {
    assert.deepEqual(
      withTree(files, (root) => mochaGroups(root, "test/e2e", { sharing: ["main"], short: ["brief"] })),
      [
        { name: "test/e2e/main", files: ["test/e2e/main/c.test.ts", "test/e2e/main/d.test.ts"] },
        { name: "test/e2e/fleet/a.test.ts", files: ["test/e2e/fleet/a.test.ts"] },
        { name: "test/e2e/fleet/b.test.ts", files: ["test/e2e/fleet/b.test.ts"] },
        { name: "test/e2e/brief", files: ["test/e2e/brief/one.test.ts", "test/e2e/brief/two.test.ts"] },
      ],
    );
  });

  it("refuses folders without tests, which would pass for success", () => {
    const groups = (tree: typeof files | Record<string, string>, sharing: string[]) => () =>
      withTree(tree, (root) => mochaGroups(root, "test/e2e", { sharing, short: [] }));
    assert.throws(groups(files, ["mian"]), /test\/e2e\/mian has no tests/);
    assert.throws(groups({ "test/e2e/x.ts": "" }, []), /test\/e2e has no tests/);
  });
});

import assert from "node:assert/strict";
import { isOfProgram, trackedChanges } from "../../../../cli/diff/program-changes.js";

describe("the changed files of the program", () => {
  for (const path of [
    "index.ts",
    "package-lock.json",
    "Pulumi.yaml",
    "components/fleet.ts",
    "cli/diff/compare.ts",
    "docs.ts",
    "policies/stacks/x.ts",
    ".github/workflows/review.yaml",
    ".npmrc",
    "flux.lock.json",
    "sandbox/index.ts",
    "lib/Pulumi.staging.yaml",
  ]) {
    it(`include ${path}`, () => assert.ok(isOfProgram(path)));
  }

  for (const path of [
    "stacks/base/tenants/team-search.yaml",
    "fleet/infrastructure/base/namespace.yaml",
    "Pulumi.staging.yaml",
    "README.md",
    "docs/review/picture.png",
    "test/unit/x.test.ts",
    "sandbox/test/unit/x.test.ts",
  ]) {
    it(`do not include ${path}`, () => assert.ok(!isOfProgram(path)));
  }

  it("are read from Git with every kind of change and any name", () => {
    const output = "M\0lib/a b.ts\0A\0new\nline.ts\0D\0old.ts\0T\0link.ts\0";
    assert.deepEqual(trackedChanges(output), [
      { kind: "changed", path: "lib/a b.ts" },
      { kind: "added", path: "new\nline.ts" },
      { kind: "removed", path: "old.ts" },
      { kind: "changed", path: "link.ts" },
    ]);
    assert.deepEqual(trackedChanges(""), []);
  });
});

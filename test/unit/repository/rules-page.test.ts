import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../../review/rules/rules.js";
import { root } from "../../support/unit/fleet.js";

describe("docs/rules.md", () => {
  it("has the level, the demand and the reason of each rule", () => {
    const page = readFileSync(join(root, "docs/rules.md"), "utf8");
    const rows = page.split("\n").filter((line) => /^\| `[a-z-]+` \|/.test(line));
    const expected = rules.map(
      ({ name, level, onlyChanges = false, title, reason }) =>
        `| \`${name}\` | ${level}${onlyChanges ? ", changes" : ""} | ${title}: ${reason} |`,
    );
    assert.deepEqual(rows, expected);
  });
});

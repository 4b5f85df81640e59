import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { platformRules } from "../../../review/platform/platform-rules.js";
import { rules } from "../../../review/rules/rules.js";
import { root } from "../../support/unit/fleet.js";

type DescribedRule = Pick<(typeof rules)[number], "name" | "level" | "title" | "reason">;

describe("docs/rules.md", () => {
  it("has the level, the demand and the reason of each rule", () => {
    const page = readFileSync(join(root, "docs/rules.md"), "utf8");
    const rows = page.split("\n").filter((line) => /^\| `[a-z-]+` \|/.test(line));
    const row = ({ name, level, title, reason }: DescribedRule, changes = "") =>
      `| \`${name}\` | ${level}${changes} | ${title}: ${reason} |`;
    const expected = [
      ...rules.map(({ onlyChanges = false, ...rule }) => row(rule, onlyChanges ? ", changes" : "")),
      ...platformRules.map((rule) => row(rule)),
    ];
    assert.deepEqual(rows, expected);
  });
});

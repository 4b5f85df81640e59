import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { labelKey, tenantKey } from "../../../config/rules/labels.js";
import { re2Violation } from "../../../config/rules/re2.js";
import { extractViolation, tagPattern } from "../../../config/rules/tag-filter.js";
import { crossesMajors } from "../../../config/rules/version-majors.js";
import { parsePath } from "../../../lib/diagnostics/zod-issues.js";
import { durationMilliseconds } from "../../../lib/kubernetes/duration.js";
import { quantityAmount } from "../../../lib/kubernetes/quantity.js";
import { type Expression, hostileTexts, stuckExpressions } from "../../support/unit/backtracking.js";
import { root } from "../../support/unit/fleet.js";
import { ourFiles } from "./our-files.js";

/** The regular expressions that a source file has as literals. */
function literalsIn(file: string): Expression[] {
  const found: Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      found.push({ source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest));
  return found;
}

describe("the regular expressions of the program", () => {
  it("answer for hostile texts, wherever they are written", async function () {
    this.timeout(300_000);
    const files = ourFiles().filter((file) =>
      /^(cli|components|config|flux|lib|policies|preflight)\/.*\.(ts|mjs)$/.test(file),
    );
    const all = new Map(files.flatMap(literalsIn).map((one) => [`/${one.source}/${one.flags}`, one]));
    assert.ok(all.size > 80, `${all.size} found`);
    assert.deepEqual(await stuckExpressions([...all.values()], 20_000), []);
  });

  it("answer when they are put together at run time", () => {
    for (const text of hostileTexts) {
      for (const ask of [crossesMajors, re2Violation, durationMilliseconds, quantityAmount, parsePath]) ask(text);
      for (const rule of [labelKey, tenantKey, tagPattern]) rule.check(text);
      extractViolation(text, text);
    }
  });
});

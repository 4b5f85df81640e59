import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { labelKey, tenantKey } from "../../../config/rules/labels.js";
import { re2Violation } from "../../../config/rules/re2.js";
import type { Rule } from "../../../config/rules/rule.js";
import { extractViolation, tagPattern } from "../../../config/rules/tag-filter.js";
import { crossesMajors } from "../../../config/rules/version-majors.js";
import { parsePath } from "../../../lib/diagnostics/zod-issues.js";
import { durationMilliseconds } from "../../../lib/kubernetes/duration.js";
import { quantityAmount } from "../../../lib/kubernetes/quantity.js";
import { withoutPasswords } from "../../../operate/without-passwords.js";
import { type Expression, hostileTexts, longTexts, stuckExpressions } from "../../support/unit/backtracking.js";
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

/** Every rule that a file of config/rules exports, by its name. */
async function rules(): Promise<readonly (readonly [name: string, rule: Rule])[]> {
  const files = ourFiles().filter((file) => /^config\/rules\/.*\.ts$/.test(file));
  const modules: readonly object[] = await Promise.all(files.map((file) => import(join(root, file))));
  return modules.flatMap(Object.entries).filter((entry): entry is [string, Rule] => isRule(entry[1]));
}

function isRule(value: unknown): value is Rule {
  return typeof value === "object" && value !== null && "check" in value && typeof value.check === "function";
}

function millisecondsOf(action: () => unknown): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

describe("the regular expressions of the program", () => {
  it("answer for hostile texts, wherever they are written", async function () {
    this.timeout(300_000);
    const files = ourFiles().filter(
      (file) => /\.(ts|mjs)$/.test(file) && !/^(sandbox\/)?(test|node_modules)\//.test(file),
    );
    for (const folder of ["cli", "config", "operate", "policies", "promotion", "review", "sandbox"]) {
      assert.ok(
        files.some((file) => file.startsWith(`${folder}/`)),
        folder,
      );
    }
    const all = new Map(files.flatMap(literalsIn).map((one) => [`/${one.source}/${one.flags}`, one]));
    assert.ok(all.size > 350, `${all.size} found`);
    assert.deepEqual(await stuckExpressions([...all.values()], 20_000), []);
  });

  it("answer when they are put together at run time", () => {
    for (const text of hostileTexts) {
      for (const ask of [crossesMajors, re2Violation, durationMilliseconds, quantityAmount, parsePath]) ask(text);
      for (const rule of [labelKey, tenantKey, tagPattern]) rule.check(text);
      extractViolation(text, text);
    }
  });

  it("answer for hostile texts as long as a file may be, in rules and where texts of clusters are read", async function () {
    this.timeout(300_000);
    const asks: readonly (readonly [name: string, ask: (text: string) => unknown])[] = [
      ...(await rules()).map(([name, rule]) => [name, (text: string) => rule.check(text)] as const),
      ...[crossesMajors, re2Violation, durationMilliseconds, quantityAmount, withoutPasswords].map(
        (ask) => [ask.name, ask as (text: string) => unknown] as const,
      ),
    ];
    assert.ok(asks.length > 40, `${asks.length} found`);
    assert.deepEqual(
      asks.flatMap(([name, ask]) => longTexts.filter((text) => millisecondsOf(() => ask(text)) > 2000).map(() => name)),
      [],
    );
  });
});

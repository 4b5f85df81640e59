import assert from "node:assert/strict";
import { type CheckResult, nodeWarnings, renderReport } from "../../node-versions/report.js";

const checks = ["Installation", "Type check", "Unit tests"];
const good = (version: string, check: string, output = ""): CheckResult => ({
  version,
  check,
  passed: true,
  seconds: 75,
  output,
});
const bad = (version: string, check: string, output: string): CheckResult => ({
  ...good(version, check, output),
  passed: false,
});

describe("the report on versions of Node", () => {
  it("has a row for each version, and says what did not run", () => {
    const report = renderReport(
      [
        ...checks.map((check) => good("22.1.0", check)),
        good("24.1.0", "Installation"),
        bad("24.1.0", "Type check", "index.ts: error\n"),
      ],
      checks,
    );
    assert.match(report, /22\.1\.0 +│ passed, 1 min 15 s │ passed, 1 min 15 s │ passed, 1 min 15 s │/);
    assert.match(report, /24\.1\.0 +│ passed, 1 min 15 s │ FAILED, 1 min 15 s │ not run +│/);
    assert.match(report, /\n4 passed, 1 failed\n$/);
  });

  it("shows the output of a failed check, under the version's name", () => {
    const report = renderReport(
      [good("22.1.0", "Type check", "fine"), bad("24.1.0", "Type check", "one\ntwo\n")],
      checks,
    );
    assert.match(report, /\nNode 24\.1\.0 failed: Type check\n {2}\| one\n {2}\| two\n\n/);
    assert.doesNotMatch(report, /fine/);
  });

  it("shows the end of a long output, and how much it leaves out", () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `line ${index}`);
    const report = renderReport([bad("24.1.0", "Unit tests", `${lines.join("\n")}\n`)], checks);
    assert.match(report, /failed: Unit tests\n {2}\| \(850 lines before these\)\n {2}\| line 850\n/);
    assert.match(report, / {2}\| line 999\n\n/);
  });

  it("names each warning of Node once, though the check passed", () => {
    const warning = "(node:12) [DEP0040] DeprecationWarning: The `punycode` module is deprecated.";
    const output = `${warning}\n${warning.replace("12", "13")}\n(Use \`node --trace-deprecation ...\`)\n`;
    const report = renderReport([good("24.1.0", "Unit tests", output)], checks);
    const line = "Node 24.1.0, Unit tests: [DEP0040] DeprecationWarning: The `punycode` module is deprecated.";
    assert.equal(report.split(line).length, 2);
    assert.match(report, /\n1 passed, 0 failed\n$/);
  });

  it("takes no other line for a warning of Node", () => {
    const experimental = "(node:1) ExperimentalWarning: Type Stripping is an experimental feature";
    assert.deepEqual(nodeWarnings(`npm warn deprecated a\n✔ DeprecationWarning: a test\n${experimental}\n`), [
      "ExperimentalWarning: Type Stripping is an experimental feature",
    ]);
  });
});

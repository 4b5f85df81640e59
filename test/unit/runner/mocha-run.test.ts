import assert from "node:assert/strict";
import { troubleOf } from "../../support/runner/mocha-run.js";

const ended = { code: 0, signal: null, lingered: false } as const;
const totals = { passed: 2, failures: [], pending: 0 } as const;

describe("troubleOf", () => {
  for (const [what, end, message] of [
    ["a crash before the first test", { ...ended, code: 7, totals: undefined }, /without a result \(exit code 7\)/],
    ["a killed run", { ...ended, code: null, signal: "SIGKILL" as const, totals: undefined }, /SIGKILL/],
    ["a run without tests", { ...ended, totals: { passed: 0, failures: [], pending: 0 } }, /no test ran/],
    ["skipped tests", { ...ended, totals: { ...totals, pending: 1 } }, /1 tests were skipped/],
    ["a crash after the last test", { ...ended, code: 1, totals }, /without a failed test/],
    ["a process that does not end", { ...ended, lingered: true, totals }, /left something open/],
  ] as const) {
    it(`does not let ${what} pass for success`, () => {
      assert.match(troubleOf(end) ?? "", message);
    });
  }

  it("finds nothing wrong with failed tests, which are counted already", () => {
    assert.equal(troubleOf({ ...ended, code: 1, totals: { passed: 1, failures: ["it"], pending: 0 } }), undefined);
    assert.equal(troubleOf({ ...ended, totals }), undefined);
  });
});

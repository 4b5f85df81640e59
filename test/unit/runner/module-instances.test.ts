import assert from "node:assert/strict";
import { loadStack } from "../../../cli/load-stack.js";
import { problemsOf } from "../../../lib/diagnostics/collect-problems.js";

describe("a run of the unit tests", () => {
  it("loads one instance of each module, whether it is imported statically or by import()", async () => {
    assert.equal((await import("../../../cli/load-stack.js")).loadStack, loadStack);
    assert.equal((await import("../../../lib/diagnostics/collect-problems.js")).problemsOf, problemsOf);
  });
});

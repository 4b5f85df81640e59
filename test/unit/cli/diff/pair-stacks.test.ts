import assert from "node:assert/strict";
import { comparedPlans, judgedPlans } from "../../../../cli/diff/pair-stacks.js";
import { RECORD_FORMAT, type RecordedRevision, type RecordedStack } from "../../../../cli/diff/recorded-revision.js";
import { stackPlan } from "../../../support/unit/plan.js";

const plan = stackPlan([]);
const staging: RecordedStack = { stack: "staging", plan };
const broken: RecordedStack = { stack: "staging", problems: ["stacks/base/stack.yaml: is gone."] };

function revision(...recorded: readonly RecordedStack[]): RecordedRevision {
  return { format: RECORD_FORMAT, stacks: recorded.map(({ stack }) => stack), recorded };
}

describe("the plans of both revisions", () => {
  it("are judged, and not compared, where the base does not run or does not load a stack", () => {
    for (const base of [undefined, revision(broken)]) {
      assert.deepEqual(comparedPlans(base, revision(staging)), []);
      assert.deepEqual(judgedPlans(base, revision(staging)), [{ stack: "staging", before: undefined, after: plan }]);
    }
  });

  it("are pairs by the stack, with a stack that only one of them has", () => {
    const prod: RecordedStack = { stack: "prod-eu", plan };
    const expected = [
      { stack: "prod-eu", before: plan, after: undefined },
      { stack: "staging", before: undefined, after: plan },
    ];
    assert.deepEqual(comparedPlans(revision(prod), revision(staging)), expected);
    assert.deepEqual(judgedPlans(revision(prod), revision(staging)), expected);
  });
});

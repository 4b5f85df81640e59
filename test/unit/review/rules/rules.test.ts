import assert from "node:assert/strict";
import { rules } from "../../../../review/rules/rules.js";
import { stackPlan } from "../../../support/unit/plan.js";
import type { RuleCase } from "./cases/rule-case.js";
import { ruleCases } from "./rule-cases.js";

describe("the rules of a review", () => {
  it("have cases that break them and cases that keep them", () => {
    assert.deepEqual(Object.keys(ruleCases).sort(), rules.map(({ name }) => name).sort());
    for (const [name, { violating, clean }] of Object.entries(ruleCases)) {
      assert.ok(violating.length > 0 && clean.length > 0, name);
    }
  });

  for (const rule of rules) {
    const cases = ruleCases[rule.name];
    const messagesOf = ({ after, before }: RuleCase) => {
      const plans = { plan: stackPlan(after), ...(before === undefined ? {} : { before: stackPlan(before) }) };
      return rule.violations(plans).map(({ message }) => message);
    };
    describe(`${rule.name}: ${rule.title}`, () => {
      for (const one of cases?.violating ?? []) {
        it(`is broken by ${one.title}`, () => assert.deepEqual(messagesOf(one), one.messages));
      }
      for (const one of cases?.clean ?? []) {
        it(`is kept by ${one.title}`, () => assert.deepEqual(messagesOf(one), []));
      }
    });
  }
});

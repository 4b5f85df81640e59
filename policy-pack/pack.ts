import { join } from "node:path";
import { PolicyPack, type StackValidationPolicy } from "@pulumi/policy";
import { findingLine, judge } from "../review/rules/judge.js";
import type { Rule } from "../review/rules/rule.js";
import { rules } from "../review/rules/rules.js";
import { readWaivers } from "../review/rules/waivers.js";
import { planOf } from "./plan-of.js";

const root = join(import.meta.dirname, "..");
const today = new Date().toISOString().slice(0, 10);
const waivers = readWaivers(root, today);

/** A rule as a policy of the engine. What a waiver accepts is not reported. */
function policyOf(rule: Rule): StackValidationPolicy {
  return {
    name: rule.name,
    description: `${rule.title}: ${rule.reason}`,
    enforcementLevel: rule.level,
    validateStack: ({ resources }, report) => {
      const findings = judge({ plan: planOf(resources) }, { waivers, today, rules: [rule] });
      const urns = new Map(resources.map(({ name, urn }) => [name, urn]));
      for (const finding of findings) {
        if (finding.waiver === undefined) report(findingLine(finding), urns.get(finding.resource));
      }
    },
  };
}

// The engine shows a pack one state of the stack, so rules about changes alone find nothing.
new PolicyPack("fleet", { policies: rules.filter(({ onlyChanges = false }) => !onlyChanges).map(policyOf) });

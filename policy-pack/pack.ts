import { join } from "node:path";
import { PolicyPack, type StackValidationPolicy } from "@pulumi/policy";
import { findingLine } from "../review/rules/judge.js";
import type { Rule } from "../review/rules/rule.js";
import { rules } from "../review/rules/rules.js";
import { readWaivers } from "../review/rules/waivers.js";
import { judgeResources } from "./judge-resources.js";

const root = join(import.meta.dirname, "..");
const today = new Date().toISOString().slice(0, 10);
const waivers = readWaivers(root, today);
// The engine shows a pack one state of the stack, so rules about changes alone find nothing.
const judged = rules.filter(({ onlyChanges = false }) => !onlyChanges);

/** A rule as a policy of the engine. What a waiver accepts is not reported. */
function policyOf(rule: Rule): StackValidationPolicy {
  return {
    name: rule.name,
    description: `${rule.title}: ${rule.reason}`,
    enforcementLevel: rule.level,
    validateStack: ({ resources }, report) => {
      const urns = new Map(resources.map(({ name, urn }) => [name, urn]));
      const { findings } = judgeResources(rule, resources, { waivers, today });
      for (const finding of findings) report(findingLine(finding), urns.get(finding.resource));
    },
  };
}

/** Names the rules that a preview judges in part. */
const knownValues: StackValidationPolicy = {
  name: "known-values",
  description: "the rules can judge every value: one that the engine does not know yet may break a rule",
  enforcementLevel: "advisory",
  validateStack: ({ resources }, report) => {
    const urns = new Map(resources.map(({ name, urn }) => [name, urn]));
    for (const rule of judged) {
      const { unknown, uncertain } = judgeResources(rule, resources, { waivers, today });
      for (const { resource, path } of unknown) {
        report(`${resource}: [${rule.name}] ${path} is not known before the update: ${again}.`, urns.get(resource));
      }
      for (const finding of uncertain)
        report(`${findingLine(finding)} It may be so: ${again}.`, urns.get(finding.resource));
    }
  },
};

const again = "pulumi up judges it again at its end";

new PolicyPack("fleet", { policies: [...judged.map(policyOf), knownValues] });

import { type JudgeArgs, judge, type RuleFinding } from "../review/rules/judge.js";
import type { Rule } from "../review/rules/rule.js";
import { readable, type UnknownValue } from "./known-values.js";
import { type EngineResource, planOf } from "./plan-of.js";

/** The findings of a rule on the resources of a stack. */
export interface Judgement {
  /** Findings that no unknown value can change. */
  readonly findings: readonly RuleFinding[];
  /** Findings of a tenant, or of the platform, of which the rule read an unknown value: this may be their cause. */
  readonly uncertain: readonly RuleFinding[];
  /** Values that the rule read and that are not known before the update, each once. */
  readonly unknown: readonly UnknownValue[];
}

/** Judges the resources of a stack by one rule, from the values that are known. */
export function judgeResources(
  rule: Rule,
  resources: readonly EngineResource[],
  args: Pick<JudgeArgs, "waivers" | "today">,
): Judgement {
  const unknown = new Map<string, UnknownValue>();
  const plan = planOf(
    resources.map((one) => {
      const note = (path: string) => unknown.set(`${one.urn} ${path}`, { resource: one.name, path });
      return { ...one, props: readable(one.props, note) };
    }),
  );
  const findings = judge({ plan }, { ...args, rules: [rule] }).filter(({ waiver }) => waiver === undefined);
  const values = [...unknown.values()];
  const owners = new Set(
    plan.resources.filter(({ name }) => values.some(({ resource }) => resource === name)).map(({ tenant }) => tenant),
  );
  return {
    findings: findings.filter(({ tenant }) => !owners.has(tenant)),
    uncertain: findings.filter(({ tenant }) => owners.has(tenant)),
    unknown: values,
  };
}

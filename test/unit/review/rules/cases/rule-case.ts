import type { PlannedResource } from "../../../../../review/planned-resource.js";

/** A change that a rule judges. */
export interface RuleCase {
  readonly title: string;
  readonly after: readonly PlannedResource[];
  /** @default - the rule looks at one plan alone */
  readonly before?: readonly PlannedResource[];
}

/** A change that breaks a rule, with its messages. */
export interface ViolatingCase extends RuleCase {
  readonly messages: readonly string[];
}

/** Changes that break a rule, and changes that are alike and keep it. */
export interface RuleCases {
  readonly violating: readonly ViolatingCase[];
  readonly clean: readonly RuleCase[];
}

import type { Path } from "../../lib/diagnostics/zod-issues.js";
import type { PlannedResource, StackPlan } from "../planned-resource.js";

/** A mandatory rule ends a review with an error, and an advisory one does not. */
export type RuleLevel = "mandatory" | "advisory";

/** The part of a plan that rules read. */
export type JudgedPlan = Pick<StackPlan, "stack" | "resources" | "tenants">;

/** A stack as a rule judges it. */
export interface JudgedStack {
  /** Everything that the program would register. */
  readonly plan: JudgedPlan;
  /** The same before the change. @default - nothing to compare with, so rules about changes find nothing */
  readonly before?: JudgedPlan | undefined;
}

/** One resource that breaks a rule. */
export interface Violation {
  /** The resource; one that the change removes is of the plan before. */
  readonly resource: PlannedResource;
  /** The violation, without a period: it names the object and the value. */
  readonly message: string;
  /** Field of the tenant's file that decides it. @default - no field does */
  readonly field?: Path;
  /** Setting of the stack that decides it: `fleet:admission`. @default - no setting does */
  readonly setting?: string;
  /** File of `fleet/` that decides it, with its line. @default - no such file does */
  readonly place?: { readonly file: string; readonly line: number };
}

/** A rule on everything that a stack registers. Its function is pure. */
export interface Rule {
  /** Name in reports and waivers: `private-repositories`. */
  readonly name: string;
  readonly level: RuleLevel;
  /** Whether the rule compares with the plan before, and finds nothing without it. @default false */
  readonly onlyChanges?: boolean;
  /** The rule, as one sentence without a period. */
  readonly title: string;
  /** The harm that the rule prevents, as one sentence without a period. */
  readonly reason: string;
  /** The remedy, as one sentence without a period. */
  readonly fix: string;
  readonly violations: (stack: JudgedStack) => readonly Violation[];
}

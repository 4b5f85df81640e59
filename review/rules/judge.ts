import type { Locate } from "../../config/files/location.js";
import { overlayFile } from "../../config/names.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import type { JudgedStack, Rule, RuleLevel, Violation } from "./rule.js";
import { rules as allRules } from "./rules.js";
import { isExpired, type Waiver, waives } from "./waivers.js";

/** A place in the files of a checkout. */
export type Place = Pick<Problem, "file" | "line" | "path">;

/** A violation with its rule and its place. */
export interface RuleFinding {
  /** Name of the rule. */
  readonly rule: string;
  readonly level: RuleLevel;
  readonly stack: string;
  /** Name of the resource. */
  readonly resource: string;
  /** @default - the platform's */
  readonly tenant?: string | undefined;
  /** Place in the files. @default - the program itself decides it */
  readonly place?: Place | undefined;
  readonly message: string;
  readonly reason: string;
  readonly fix: string;
  /** The waiver that accepts the violation. @default - none does */
  readonly waiver?: Waiver | undefined;
}

/** The arguments of {@link judge} beside the stack. */
export interface JudgeArgs {
  readonly waivers: readonly Waiver[];
  /** The day of the review, `2027-03-31`. */
  readonly today: string;
  /** Finds fields of tenants' files. @default - places are unknown, as in the engine */
  readonly locate?: Locate | undefined;
  /** Finds settings of the stack: undefined for one that its file does not have. @default - places are unknown */
  readonly locateSetting?: ((setting: string) => Place | undefined) | undefined;
  /** @default all rules */
  readonly rules?: readonly Rule[];
}

/** All violations of a stack, in the order of the rules. A waiver that has expired accepts nothing. */
export function judge(stack: JudgedStack, args: JudgeArgs): RuleFinding[] {
  const { waivers, today, rules = allRules } = args;
  const inForce = waivers.filter((waiver) => !isExpired(waiver, today));
  return rules.flatMap((rule) =>
    rule.violations(stack).map((violation): RuleFinding => {
      const { name, level, reason, fix } = rule;
      const { resource, message } = violation;
      const shared = { rule: name, level, stack: stack.plan.stack, resource: resource.name, message, reason, fix };
      const waiver = inForce.find((one) => waives(one, shared, resource.tenant));
      return { ...shared, tenant: resource.tenant, place: placeOf(violation, stack, args), waiver };
    }),
  );
}

function placeOf(
  { place, field, setting, resource }: Violation,
  { plan }: JudgedStack,
  { locate, locateSetting }: Pick<JudgeArgs, "locate" | "locateSetting">,
): Place | undefined {
  if (place !== undefined) return { ...place, path: "" };
  if (setting !== undefined) return locateSetting?.(setting);
  const { tenant } = resource;
  if (locate === undefined || tenant === undefined) return undefined;
  if (plan.tenants.includes(tenant)) return locate(tenant, field ?? []);
  // Without this file, which has no line any more, the tenant leaves the stack.
  return { file: overlayFile(plan.stack, tenant), path: "" };
}

/** Whether a finding ends a review with an error. */
export function isBlocking({ level, waiver }: RuleFinding): boolean {
  return level === "mandatory" && waiver === undefined;
}

/** A finding as a problem, for errors. */
export function findingProblem({ rule, place, resource, message, reason, fix }: RuleFinding): Problem {
  const where = place ?? { file: resource, path: "" };
  return { ...where, message: `[${rule}] ${message}: ${reason}`, fix: capital(fix) };
}

/** A finding on one line: `FILE:LINE: FIELD: [RULE] MESSAGE: REASON. FIX.` */
export function findingLine({ rule, level, place, resource, message, reason, fix, waiver }: RuleFinding): string {
  const where = place === undefined ? resource : place.line === undefined ? place.file : `${place.file}:${place.line}`;
  const parts = [where, ...(place === undefined || place.path === "" ? [] : [place.path])];
  const accepted = waiver && ` Accepted until ${waiver.expires} by ${waiver.owner}: ${waiver.reason}.`;
  return `${parts.join(": ")}: [${rule}, ${level}] ${message}: ${reason}. ${capital(fix)}.${accepted ?? ""}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

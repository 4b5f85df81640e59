import type { StackPlans } from "../../review/document/stack-entries.js";
import type { RecordedRevision, RecordedStack } from "./recorded-revision.js";

/** The plans of each stack. Without the base's program, and for a stack that it cannot load, there is nothing to compare. */
export function comparedPlans(before: RecordedRevision | undefined, after: RecordedRevision): StackPlans[] {
  if (before === undefined) return [];
  const broken = new Set(before.recorded.flatMap((one) => ("problems" in one ? [one.stack] : [])));
  return judgedPlans(before, after).filter(({ stack }) => !broken.has(stack));
}

/**
 * The same with stacks that have nothing to compare. Rules judge these all the same: the change itself, such as another
 * version of a package, may keep the base from running.
 */
export function judgedPlans(before: RecordedRevision | undefined, after: RecordedRevision): StackPlans[] {
  const [old, now] = [byStack(before?.recorded ?? []), byStack(after.recorded)];
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  return names.map((stack) => ({ stack, before: old.get(stack), after: now.get(stack) }));
}

function byStack(recorded: readonly RecordedStack[]) {
  return new Map(recorded.flatMap((one) => ("plan" in one ? [[one.stack, one.plan] as const] : [])));
}

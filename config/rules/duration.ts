import { DURATION_PATTERN, durationMilliseconds } from "../../lib/kubernetes/duration.js";
import type { Rule } from "./rule.js";

/**
 * A duration between two others, both included.
 * @param bounds.why reason for the bounds, shown with a value outside them
 */
export function durationRule(bounds: { readonly least: string; readonly most: string; readonly why: string }): Rule {
  const { least, most, why } = bounds;
  const [floor, ceiling] = [least, most].map(durationMilliseconds);
  if (floor === undefined || ceiling === undefined) throw new RangeError(`not durations: ${least}, ${most}`);
  return {
    pattern: DURATION_PATTERN,
    check(value) {
      const length = durationMilliseconds(value);
      if (length === undefined) {
        return { message: "is not a duration", fix: "Write numbers with ms, s, m or h, for instance 1m30s" };
      }
      if (length >= floor && length <= ceiling) return undefined;
      return { message: `is not between ${least} and ${most}`, fix: `Choose one in between: ${why}` };
    },
  };
}

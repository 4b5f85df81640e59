import { DURATION_PATTERN, durationMilliseconds } from "../../lib/kubernetes/duration.js";
import type { Rule } from "./rule.js";

// Tenant files and the admission policies share these bounds: a value that a file may have must never be refused on the
// cluster.

/** The shortest interval of any of Flux's objects: all tenants share the controllers. */
export const LEAST_INTERVAL = "10s";

/** The longest timeout of a sync in a tenant file, above that of tenants' own objects: people review these files. */
export const LONGEST_FILE_TIMEOUT = "30m";

/** A duration between two others, both included. @param why reason for the bounds, shown with a value outside them */
export function durationRule(least: string, most: string, why: string): Rule {
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

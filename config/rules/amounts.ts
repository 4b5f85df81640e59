import { DURATION_PATTERN, durationMilliseconds } from "../../lib/kubernetes/duration.js";
import { quantityAmount } from "../../lib/kubernetes/quantity.js";
import { hintOf, patternRule, type Rule, ruleOf } from "./rule.js";

/**
 * An amount of CPU or memory: `500m`, `1Gi`. Kubernetes reads exponents too, but they are refused here as hard to read.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export const quantity = patternRule({
  pattern: "^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$",
  form: "a Kubernetes quantity",
  fix: "Write it like 500m, 2 or 1Gi",
});

/** A quantity between two others, both included. @param why reason for the lower bound, shown with a value below it */
export function quantityRule(least: string, most: string, why: string): Rule {
  return ruleOf(quantity, (value) => {
    const amount = quantityAmount(value);
    if (amount < quantityAmount(least)) return { message: `is less than ${least}`, fix: `Raise it: ${why}` };
    if (amount <= quantityAmount(most)) return undefined;
    return { message: `is more than ${most}`, fix: "Lower it; the unit may be the wrong one" };
  });
}

// Tenant files and the admission policies share these bounds: a value that a file may have must never be refused on the
// cluster.

/** The shortest interval of any of Flux's objects: all tenants share the controllers. */
export const LEAST_INTERVAL = "10s";

/** The longest timeout of a sync in a tenant file, above that of tenants' own objects: people review these files. */
export const LONGEST_FILE_TIMEOUT = "30m";

const durationFix = "Write numbers with ms, s, m or h, for instance 1m30s";

/** A duration between two others, both included. @param why reason for the bounds, shown with a value outside them */
export function durationRule(least: string, most: string, why: string): Rule {
  const [floor, ceiling] = [least, most].map(durationMilliseconds);
  if (floor === undefined || ceiling === undefined) throw new RangeError(`not durations: ${least}, ${most}`);
  return {
    pattern: DURATION_PATTERN,
    hint: hintOf("a duration", durationFix),
    numberFix: "Write its unit too, as in 30s, 10m or 1h",
    check(value) {
      const length = durationMilliseconds(value);
      if (length === undefined) {
        return { message: "is not a duration", fix: durationFix };
      }
      if (length >= floor && length <= ceiling) return undefined;
      return { message: `is not between ${least} and ${most}`, fix: `Choose one in between: ${why}` };
    },
  };
}

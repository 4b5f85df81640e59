import { quantityAmount } from "../../lib/kubernetes/quantity.js";
import { patternRule, type Rule, ruleOf } from "./rule.js";

/**
 * An amount of CPU or memory: `500m`, `1Gi`. Kubernetes reads exponents too, but they are refused here as hard to read.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export const quantity = patternRule({
  pattern: "^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$",
  form: "a Kubernetes quantity",
  fix: "Write it like 500m, 2 or 1Gi, in quotes",
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

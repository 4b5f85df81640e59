import { patternRule, type Rule } from "./rule.js";

const factors: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * An amount of CPU or memory: `500m`, `1Gi`. Kubernetes reads exponents too, but nobody else does.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export const quantity: Rule = patternRule({
  pattern: "^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$",
  form: "a Kubernetes quantity",
  fix: "Write it like 500m, 2 or 1Gi, in quotes",
});

/** The amount as a number of cores or bytes; NaN when it is not a quantity. */
export function quantityAmount(text: string): number {
  if (quantity.check(text)) return Number.NaN;
  const [, number = "", unit = ""] = /^([0-9.]+)([A-Za-z]*)$/.exec(text) ?? [];
  return Number(number) * (factors[unit] ?? 1);
}

/**
 * A quantity between two others, both included.
 *
 * @param bounds.why reason for the lower bound, shown to whoever goes below it
 */
export function quantityRule(bounds: { readonly least: string; readonly most: string; readonly why: string }): Rule {
  const { least, most, why } = bounds;
  return {
    ...quantity,
    check(value) {
      const violation = quantity.check(value);
      if (violation) return violation;
      const amount = quantityAmount(value);
      if (amount < quantityAmount(least)) return { message: `is less than ${least}`, fix: `Raise it: ${why}` };
      if (amount <= quantityAmount(most)) return undefined;
      return { message: `is more than ${most}`, fix: "Lower it; the unit may be the wrong one" };
    },
  };
}

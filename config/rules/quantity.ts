import { patternRule, type Rule } from "./rule.js";

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
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

/**
 * The amount as a number of cores or bytes: `500m` is 0.5, `1Gi` is 1073741824. It reads whatever Kubernetes does, for
 * that is what API servers answer with: they make `100u` of `0.0001`, and leave `1e3` as it is.
 * @returns NaN when it is not a quantity
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function quantityAmount(text: string): number {
  const [, number, exponent, unit = ""] =
    /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/.exec(text) ?? [];
  if (number === undefined) return Number.NaN;
  return exponent === undefined ? Number(number) * (factors[unit] ?? Number.NaN) : Number(`${number}e${exponent}`);
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

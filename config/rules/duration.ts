import type { Rule } from "./rule.js";

const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The form that Flux's own CRDs demand. */
const form = "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$";

/**
 * Length of a duration as Flux writes them, in milliseconds; undefined when it is not one.
 *
 * `1m30s` is 90000.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#interval
 */
export function durationMilliseconds(text: string): number | undefined {
  if (!new RegExp(form).test(text)) return undefined;
  let total = 0;
  for (const [, amount = "", unit = ""] of text.matchAll(/([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)/g)) {
    total += Number(amount) * (milliseconds[unit] ?? Number.NaN);
  }
  return total;
}

/**
 * A duration between two others, both included.
 *
 * @param bounds.least, bounds.most durations
 * @param bounds.why reason for the bounds, shown to whoever leaves them
 */
export function durationRule(bounds: { readonly least: string; readonly most: string; readonly why: string }): Rule {
  const { least, most, why } = bounds;
  const [floor, ceiling] = [least, most].map(durationMilliseconds);
  if (floor === undefined || ceiling === undefined) throw new RangeError(`not durations: ${least}, ${most}`);
  return {
    pattern: form,
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

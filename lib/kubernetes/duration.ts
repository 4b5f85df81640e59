const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The pattern of durations in Flux's CRDs. */
export const DURATION_PATTERN = "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$";

/**
 * Length of a duration as Flux writes them, in milliseconds; undefined when it is not one.
 *
 * `1m30s` is 90000.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#interval
 */
export function durationMilliseconds(text: string): number | undefined {
  if (!new RegExp(DURATION_PATTERN).test(text)) return undefined;
  const parts = [...text.matchAll(/([0-9.]+)(ms|s|m|h)/g)];
  return parts.reduce((total, [, amount, unit = ""]) => total + Number(amount) * (milliseconds[unit] ?? Number.NaN), 0);
}

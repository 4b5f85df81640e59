const suffixes: Readonly<Record<string, number>> = {
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
 * A Kubernetes quantity as a number, in cores or bytes: `"500m"` is 0.5, `"1Gi"` is 1073741824.
 * @throws when it is none
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function quantity(text: string): number {
  const [, digits, exponent, suffix = ""] =
    /^([+-]?\d*\.?\d+)(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/.exec(text) ?? [];
  const factor = exponent === undefined ? suffixes[suffix] : 10 ** Number(exponent);
  if (digits === undefined || factor === undefined) throw new Error(`"${text}" is not a quantity like 500m or 1Gi.`);
  return Number(digits) * factor;
}

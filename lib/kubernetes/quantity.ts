const decimalUnits = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const binaryUnits = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/**
 * The amount as a number of cores or bytes: `500m` is 0.5, `1Gi` is 1073741824. It reads every form that API servers
 * return: they convert `0.0001` to `100u`, and keep `1e3`.
 * @returns NaN when it is not a quantity
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function quantityAmount(text: string): number {
  const [, number, exponent, unit = ""] =
    /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/.exec(text) ?? [];
  if (number === undefined) return Number.NaN;
  if (unit.endsWith("i")) return Number(number) * 1024 ** binaryUnits.indexOf(unit);
  return Number(`${number}e${exponent ?? 3 * (decimalUnits.indexOf(unit) - decimalUnits.indexOf(""))}`);
}

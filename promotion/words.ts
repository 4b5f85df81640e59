const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;

/** A length of time in its two largest units: `1d 4h`, `20m`. Fractions of a second are left out. */
export function lengthText(milliseconds: number): string {
  const first = units.findIndex(([, length]) => milliseconds >= length);
  if (first < 0) return "0s";
  let rest = milliseconds;
  const parts = units.slice(first, first + 2).flatMap(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count === 0 ? [] : [`${count}${unit}`];
  });
  return parts.join(" ");
}

/** Names that a sentence lists before it counts the rest. */
const listed = 10;

/** Names in a sentence: `a, b`, and after ten of them ` and 3 more`. */
export function namesText(names: readonly string[]): string {
  const rest = names.length > listed ? ` and ${names.length - listed} more` : "";
  return `${names.slice(0, listed).join(", ")}${rest}`;
}

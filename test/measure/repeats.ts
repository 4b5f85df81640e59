import { groupBy } from "../../lib/data/group-by.js";

/** A run of symbols that occurs twice or more. */
export interface Repeat {
  readonly length: number;
  /** The first index of each occurrence, ascending. No two occurrences overlap. */
  readonly starts: readonly number[];
}

/**
 * The runs of at least `minimum` symbols that occur twice or more, and that cannot be extended at either end without
 * losing an occurrence. Occurrences that overlap count as one.
 * @param symbols begin and end with a symbol that occurs once
 */
export function maximalRepeats(symbols: readonly number[], minimum: number): readonly Repeat[] {
  const found: Repeat[] = [];
  let groups = repeated([...symbols.keys()], (start) => symbols.slice(start, start + minimum).join(" "));
  for (let length = minimum; groups.length > 0; length++) {
    groups = groups.flatMap((group) => {
      const starts = withoutOverlaps(group, length);
      const toTheRight = repeated(group, (start) => symbols[start + length]);
      const toTheLeft = repeated(group, (start) => symbols[start - 1]);
      const isMaximal = [...toTheRight, ...toTheLeft].every(
        (longer) => withoutOverlaps(longer, length + 1).length < starts.length,
      );
      if (isMaximal && starts.length > 1) found.push({ length, starts });
      return toTheRight;
    });
  }
  return found;
}

/** The starts that share a key with another one, by that key. */
function repeated(starts: readonly number[], keyOf: (start: number) => unknown): number[][] {
  return [...groupBy(starts, keyOf).values()].filter((group) => group.length > 1);
}

function withoutOverlaps(starts: readonly number[], length: number): readonly number[] {
  const kept: number[] = [];
  for (const start of starts) if (start >= (kept.at(-1) ?? -length) + length) kept.push(start);
  return kept;
}

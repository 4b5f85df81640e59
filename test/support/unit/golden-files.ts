import { BASE_FOLDER } from "../../../config/names.js";

/** Entries by the name of the file that holds them: one for each stack, and `base` for what all stacks share. */
export type GoldenFiles<Entry> = Readonly<Record<string, readonly Entry[]>>;

/**
 * Divides the entries of stacks into files, so that a change of what all stacks have shows once. As in `stacks/`, `base`
 * holds what they share, and no stack can have that name. A single stack shares nothing.
 * @param stacks name of each stack → its entries
 */
export function divideGolden<Entry>(stacks: ReadonlyMap<string, readonly Entry[]>): GoldenFiles<Entry> {
  const [first = [], ...others] = [...stacks.values()].map(
    (entries) => new Map(entries.map((one) => [text(one), one])),
  );
  const shared = new Map([...first].filter(([key]) => others.length > 0 && others.every((other) => other.has(key))));
  const own = [...stacks].map(
    ([stack, entries]) => [stack, entries.filter((entry) => !shared.has(text(entry)))] as const,
  );
  return { ...(shared.size === 0 ? {} : { [BASE_FOLDER]: [...shared.values()] }), ...Object.fromEntries(own) };
}

function text(entry: unknown): string {
  return JSON.stringify(entry);
}

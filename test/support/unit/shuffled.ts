/**
 * The same data, with the keys of every object, and the items of the outermost list, in an order that `seed` decides.
 *
 * Lists further inside keep their order: it has a meaning in Kubernetes. A seed, and not fast-check's own shuffling, so
 * that a failure prints one number and no whole manifest.
 */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const next = numbersFrom(seed);
  return inAnyOrder(items, next).map((item) => shuffleKeys(item, next) as T);
}

function shuffleKeys(value: unknown, next: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffleKeys(item, next));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, field]) => [key, shuffleKeys(field, next)] as const);
  return Object.fromEntries(inAnyOrder(entries, next));
}

function inAnyOrder<T>(items: readonly T[], next: () => number): T[] {
  return items
    .map((item) => ({ item, place: next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** The same numbers for the same seed: a linear congruential generator, good enough to shuffle. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
}

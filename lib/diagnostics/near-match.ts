/**
 * The candidates that a mistyped name may mean, nearest first. They differ in case and separators only, or by at most
 * two letters (one letter for a short name).
 *
 * @param limit how many at most @default 3
 */
export function nearMatches(written: string, candidates: Iterable<string>, limit = 3): string[] {
  const plain = simplify(written);
  const maxDistance = plain.length < 5 ? 1 : 2;
  return [...candidates]
    .map((candidate) => ({ candidate, distance: editDistance(plain, simplify(candidate)) }))
    .filter(({ distance }) => distance <= maxDistance)
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** The question `Did you mean a or b?`, or another text when there is no match. */
export function didYouMean(matches: readonly string[], otherwise: string): string {
  return matches.length === 0 ? otherwise : `Did you mean ${matches.join(" or ")}?`;
}

function simplify(text: string): string {
  return text.toLowerCase().replace(/[-_. ]/g, "");
}

/** Letters to insert, drop or replace to get from one word to the other (Levenshtein distance). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

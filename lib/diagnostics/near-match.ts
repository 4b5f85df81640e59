import { distance } from "fastest-levenshtein";

/**
 * The candidates that a mistyped name may mean, nearest first, three at most. They differ in case and separators only,
 * or by at most two letters (one letter for a short name).
 */
export function nearMatches(written: string, candidates: Iterable<string>): string[] {
  const plain = simplify(written);
  const maxDistance = plain.length < 5 ? 1 : 2;
  return [...candidates]
    .map((candidate) => ({ candidate, edits: distance(plain, simplify(candidate)) }))
    .filter(({ edits }) => edits <= maxDistance)
    .sort((a, b) => a.edits - b.edits || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** The question `Did you mean a or b?`, or another text when there is no match. */
export function didYouMean(matches: readonly string[], otherwise: string): string {
  return matches.length === 0 ? otherwise : `Did you mean ${matches.join(" or ")}?`;
}

function simplify(text: string): string {
  return text.toLowerCase().replace(/[-_. ]/g, "");
}

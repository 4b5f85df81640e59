import { utcText } from "../lib/time/local-time.js";

/**
 * The values of one part of a stack by the time from which the stack has run them: `2026-11-26T20:15:07Z`. The newest is in
 * force. Times are written alike, so their order as texts is their order in time.
 */
export type History = Readonly<Record<string, string>>;

/** Values that a history keeps. A rollback may go back as far. */
export const MOST_VALUES = 10;

/** Times and values, the oldest first. */
function runsOf(history: History): readonly (readonly [since: string, value: string])[] {
  return Object.entries(history).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The value in force, and since when. Undefined for an empty history. */
export function inForce(history: History): { readonly since: string; readonly value: string } | undefined {
  const newest = runsOf(history).at(-1);
  return newest && { since: newest[0], value: newest[1] };
}

/**
 * A history with a value in force. It stays the same if the value is in force already, so that an update without a change
 * changes no output.
 * @param now in milliseconds since 1970
 */
export function withValue(history: History, value: string, now: number): History {
  const newest = inForce(history);
  if (newest?.value === value) return history;
  // Clocks differ between machines. A value that came later is never older.
  const time = newest === undefined ? now : Math.max(now, Date.parse(newest.since) + 1000);
  return Object.fromEntries([...runsOf(history), [utcText(time), value] as const].slice(-MOST_VALUES));
}

/**
 * The time for which a value was in force, all its times added, in milliseconds. Undefined when it never was.
 * A value that was in force for a short time, and was taken back, does not grow older afterwards.
 */
export function ranFor(history: History, value: string, now: number): number | undefined {
  const runs = runsOf(history);
  const lengths = runs.flatMap(([since, ran], index) => {
    if (ran !== value) return [];
    const next = runs[index + 1];
    return [Math.max(0, (next === undefined ? now : Date.parse(next[0])) - Date.parse(since))];
  });
  return lengths.length === 0 ? undefined : lengths.reduce((sum, length) => sum + length, 0);
}

/** The first time at which a value came, in milliseconds since 1970. Undefined when it never did. */
export function firstOf(history: History, value: string): number | undefined {
  const first = runsOf(history).find(([, ran]) => ran === value);
  return first && Date.parse(first[0]);
}

/** The values of a history, the newest first, each once. */
export function valuesOf(history: History): readonly string[] {
  const values = runsOf(history).map(([, value]) => value);
  return [...new Set(values.reverse())];
}

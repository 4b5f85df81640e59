const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** The time since a moment as a short text: `3 d`, `12 min`. Empty without a moment. @param now in milliseconds since 1970 */
export function ageText(since: string | undefined, now: number): string {
  if (since === undefined) return "";
  const passed = Math.max(0, now - Date.parse(since));
  if (Number.isNaN(passed)) return "";
  const [unit, length] = units.find(([, one]) => passed >= one) ?? (["s", 1000] as const);
  return `${Math.floor(passed / length)} ${unit}`;
}

/**
 * Whether the version in `go1.25.3` or `git version 2.37.1 (Apple)` is older than `1.26.0` or `2.38.0`. A development
 * version (`devel go1.27-abc`) counts as its release, and what has no version as the oldest of all.
 */
export function isOlder(version: string, oldest: string): boolean {
  const [have, want] = [numbers(version), numbers(oldest)];
  const first = want.findIndex((number, index) => number !== (have[index] ?? 0));
  return first >= 0 && (have[first] ?? 0) < (want[first] ?? 0);
}

function numbers(version: string): number[] {
  return (/(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? []).slice(1).map((text) => Number(text ?? 0));
}

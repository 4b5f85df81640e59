/** Compares versions such as v2.9.2 by number, so that v2.10.0 comes after v2.9.2. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

import type { FluxLock, LockEntry } from "../release/lock.js";

/**
 * The text of `flux.lock.json`: versions in ascending order, fields in the schema's order, and controllers by name, so
 * that a diff shows nothing but what was locked.
 */
export function lockText(lock: FluxLock): string {
  const entries = Object.entries(lock)
    .sort(([a], [b]) => compareVersions(a, b))
    .map(([version, entry]) => [version, ordered(entry)]);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

/** Compares versions such as v2.9.2 by number, so that v2.10.0 comes after v2.9.2. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  const index = left.findIndex((number, position) => number !== right[position]);
  return index < 0 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
}

function numbers(version: string): number[] {
  return version.slice(1).split(".").map(Number);
}

function ordered({ source, digest, objects, controllers }: LockEntry): LockEntry {
  const sorted = Object.entries(controllers)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { version, image, digest: imageDigest }]) => [name, { version, image, digest: imageDigest }]);
  return { source, digest, objects, controllers: Object.fromEntries(sorted) };
}

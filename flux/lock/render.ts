import type { LockEntry } from "../release/lock.js";
import type { Difference } from "./entry-differences.js";

/** An entry as text, for review. */
export function renderEntry(version: string, { source, digest, objects, controllers }: LockEntry): string {
  const rows = Object.entries(controllers).map(([name, { image, version: tag, digest: imageDigest }]) => [
    name,
    tag,
    `${image}@${imageDigest}`,
  ]);
  return [`Flux ${version}: ${objects} objects, ${digest}`, `  ${source}`, ...columns(rows), ""].join("\n");
}

/** The differences of an entry as text. */
export function renderDifferences(differences: readonly Difference[]): string {
  return differences.map(({ path, locked, found }) => `  ${path}: ${locked} → ${found}\n`).join("");
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(width(column))).join("  ")}`.trimEnd());
}

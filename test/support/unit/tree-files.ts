import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Files by path from the root of a checkout. */
export type Tree = Readonly<Record<string, string | Uint8Array>>;

/** Writes files below a folder, over those that are there. */
export function writeTree(root: string, tree: Tree): void {
  for (const [file, content] of Object.entries(tree)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  }
}

/** The text of every file below a folder; folders and links have an empty one, so that a new one is seen too. */
export function readTree(root: string): Readonly<Record<string, string>> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(root, file), entry.isFile() ? readFileSync(file, "utf8") : ""];
    }),
  );
}

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/**
 * Every file below `root/folder`: its path from `root` with forward slashes → its content as UTF-8.
 * @throws Error of the file system, which names the path
 */
export function readFolder(root: string, folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files.sort().map((file) => [relative(root, file).split(sep).join("/"), readFileSync(file, "utf8")]),
  );
}

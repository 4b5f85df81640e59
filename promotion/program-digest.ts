import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readFolder } from "../config/files/read-folder.js";

/** Files that decide which code an update runs. */
export const PROGRAM_FILES: readonly string[] = [
  "index.ts",
  "Pulumi.yaml",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];

/** Folders of that code. A test follows the imports of index.ts. */
export const PROGRAM_FOLDERS: readonly string[] = [
  "cli/program",
  "components",
  "config",
  "flux",
  "lib",
  "policies",
  "preflight",
  "promotion",
];

/**
 * A digest of the program: its sources, and the lock file that names its packages. Files that editors leave behind do not
 * count. A missing file counts as such, so a checkout without lock file has a digest of its own.
 * @param root folder of index.ts
 */
export function programDigest(root: string): string {
  const hash = createHash("sha256");
  const add = (path: string, content: string) => hash.update(JSON.stringify([path, content]));
  for (const file of PROGRAM_FILES) {
    add(file, existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : "missing");
  }
  for (const folder of PROGRAM_FOLDERS) {
    for (const [path, content] of Object.entries(readFolder(root, folder))) add(path, content);
  }
  return `sha256:${hash.digest("hex")}`;
}

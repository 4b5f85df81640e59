import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";

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

/** Files that editors and desktops leave behind, and that no import finds without its exact name. */
const leftover = /(~|\.sw[a-p]|\.DS_Store|Thumbs\.db|desktop\.ini)$/;

/**
 * A digest of the program: its sources, and the lock file that names its packages. Files that editors leave behind do not
 * count. A missing file counts as such, so a checkout without lock file has a digest of its own.
 *
 * Hidden folders, symbolic links and packages in a folder of sources count: Node follows all of them, and prefers the
 * nearest package.
 * @param root folder of index.ts
 */
export function programDigest(root: string): string {
  const hash = createHash("sha256");
  const add = (path: string, content: string) => hash.update(JSON.stringify([path, content]));
  for (const file of PROGRAM_FILES) {
    add(file, existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : "missing");
  }
  for (const folder of PROGRAM_FOLDERS) {
    for (const path of filesIn(root, folder)) add(path, readFileSync(join(root, path), "utf8"));
  }
  return `sha256:${hash.digest("hex")}`;
}

/**
 * The files below a folder, sorted, with those that symbolic links lead to.
 * @param seen folders whose links are followed already: a link may lead to a folder around it
 */
function filesIn(root: string, folder: string, seen: readonly string[] = []): readonly string[] {
  const real = realpathSync(join(root, folder));
  if (seen.includes(real)) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !leftover.test(entry.name))
    .flatMap((entry) => {
      const path = relative(root, join(entry.parentPath, entry.name)).split(sep).join("/");
      // Locks of some editors are links that lead nowhere.
      if (!existsSync(join(root, path))) return [];
      return statSync(join(root, path)).isDirectory() ? filesIn(root, path, [...seen, real]) : [path];
    })
    .sort();
}

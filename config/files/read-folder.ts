import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Problem } from "../../lib/diagnostics/problem.js";

/**
 * Files that editors, Git and desktops leave beside those that people write. A platform repository would keep them for
 * ever, with what they say of the machine.
 */
const leftovers = [
  /~$/,
  /^#.*#$/,
  /^\.#/,
  /^\..*\.sw[a-p]$/,
  /\.(bak|orig|rej|tmp)$/,
  /^(\.DS_Store|\._.*|Thumbs\.db|desktop\.ini)$/,
];

/** Folders of the same kind. */
const leftoverFolders: readonly string[] = [".git", ".idea", ".vscode", "node_modules"];

/**
 * Every file below `root/folder`, without what editors leave behind: its path from `root` with forward slashes → its
 * content as UTF-8.
 * @throws Error of the file system, which names the path
 */
export function readFolder(root: string, folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !isLeftover(relative(root, file).split(sep)));
  return Object.fromEntries(
    files.sort().map((file) => [relative(root, file).split(sep).join("/"), readFileSync(file, "utf8")]),
  );
}

/**
 * Entries below `root/folder` that are neither files nor folders, such as symbolic links. They are not read, so an object
 * that one of them leads to would be missing on every cluster.
 */
export function strayEntries(root: string, folder: string): Problem[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isFile() && !entry.isDirectory())
    .map((entry) => ({ entry, path: relative(root, join(entry.parentPath, entry.name)).split(sep) }))
    .filter(({ path }) => !isLeftover(path))
    .map(({ entry, path }) => ({
      file: path.join("/"),
      path: "",
      message: entry.isSymbolicLink()
        ? "is a symbolic link, which is not followed: its target would be missing in the platform's repository"
        : "is neither a file nor a folder, so it is not read",
      fix: "Put a copy of the file or folder in its place",
    }));
}

/**
 * Entries below `root/folder` that {@link readFolder} leaves out. Where the folder is already a repository, Flux reads them
 * all the same.
 */
export function leftoverEntries(root: string, folder: string): Problem[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep))
    .filter(isLeftover)
    .map((path) => ({
      file: path.join("/"),
      path: "",
      message: "has the name of a file that an editor leaves behind. No rule reads it, and Flux does",
      fix: "Remove it, or give it another name",
    }));
}

function isLeftover(path: readonly string[]): boolean {
  const [name = "", ...folders] = path.toReversed();
  return leftovers.some((form) => form.test(name)) || folders.some((one) => leftoverFolders.includes(one));
}

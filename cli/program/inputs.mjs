import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** Files that say how others are bundled. */
const settings = ["package.json", "tsconfig.json"];

/**
 * The digest of everything that decides what a bundle holds: its files and their names, the names of all files beside them
 * and in the folders above, any of which an import could mean, and the settings there.
 * @param root folder of the program, up to which folders are read
 * @param files paths below `root`, or beside it
 * @param versions of the programs that make the bundle
 * @returns undefined when a file or a folder is gone
 */
export function digestOfInputs(root, files, versions) {
  const hash = createHash("sha256").update(JSON.stringify(versions));
  const add = (name, content) => hash.update(`\0${name}\0${content.length}\0`).update(content);
  try {
    for (const file of files) add(file, readFileSync(join(root, file)));
    for (const folder of foldersOf(files)) {
      // No import finds a hidden file, and the cache is one.
      const names = readdirSync(join(root, folder)).filter((name) => !name.startsWith("."));
      add(folder, JSON.stringify(names.sort()));
      for (const name of settings.filter((name) => names.includes(name))) {
        add(join(folder, name), readFileSync(join(root, folder, name)));
      }
    }
  } catch (error) {
    if (error.code === undefined) throw error;
    return undefined;
  }
  return hash.digest("hex");
}

/** Milliseconds by which the clock of a file system may be behind. */
const leeway = 20;

/**
 * Whether a file, or what is beside one, has changed since a time: then a bundle that was made since may be of something
 * else than the files.
 * @param time ms since 1970
 */
export function haveChanged(root, files, time) {
  return [...files, ...foldersOf(files)].some((path) => statSync(join(root, path)).ctimeMs > time - leeway);
}

/** The folders of files, and those above them. */
function foldersOf(files) {
  const folders = new Set(["."]);
  for (const file of files) {
    for (let folder = dirname(file); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
  }
  return [...folders].sort();
}

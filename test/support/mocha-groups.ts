import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Test files that one mocha runs, one after the other. */
export interface MochaGroup {
  /** Path from the root of the checkout: of the file, or of the folder. */
  readonly name: string;
  /** Paths from the root of the checkout. */
  readonly files: readonly string[];
}

/**
 * Divides the test files below a folder among mochas that can run side by side. A file is on its own, unless its folder
 * is one that stays together.
 *
 * @param root folder of the checkout
 * @param folder path from there
 * @param together names of the folders whose files one mocha runs: because they share a sandbox, or because they are so
 *   short that each would take longer to load than to run
 * @returns single files first, for they are the long ones, and what begins last is waited for by all
 * @throws when there is no test, or none in one of `together`: nothing tested must not pass for success
 */
export function mochaGroups(root: string, folder: string, together: ReadonlySet<string>): MochaGroup[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join(folder, file))
    .sort();
  const staysTogether = (file: string) => together.has(basename(dirname(file)));
  const alone = files.filter((file) => !staysTogether(file));
  const shared = files.filter(staysTogether);
  const folders = [...new Set(shared.map((file) => dirname(file)))];
  const found = new Set(folders.map((name) => basename(name)));
  const missing = [...together].filter((name) => !found.has(name));
  if (missing.length > 0) throw new Error(`${folder} has no tests in a folder ${missing.join(", ")}`);
  if (files.length === 0) throw new Error(`${folder} has no tests`);
  return [
    ...alone.map((file) => ({ name: file, files: [file] })),
    ...folders.map((name) => ({ name, files: shared.filter((file) => dirname(file) === name) })),
  ];
}

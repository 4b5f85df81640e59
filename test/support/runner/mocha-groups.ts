import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";

/** Test files that one mocha runs, one after the other. */
export interface MochaGroup {
  /** Path from the root of the checkout: of the file, or of the folder. */
  readonly name: string;
  /** Paths from the root of the checkout. */
  readonly files: readonly string[];
}

/** Folders whose files one mocha runs, by name. */
export interface Together {
  /** Because their files share a sandbox: together they take long, and begin first. */
  readonly sharing: readonly string[];
  /** Because each of their files would take longer to load than to run: they begin last. */
  readonly short: readonly string[];
}

/**
 * Divides the test files below a folder among mochas that can run side by side: a file is on its own, unless its folder
 * stays together. What takes long begins early, for all wait for what ends last.
 *
 * @param root folder of the checkout
 * @param folder path from there
 * @throws when there is no test, or none in a folder that is to stay together: nothing tested must not pass for success
 */
export function mochaGroups(root: string, folder: string, { sharing, short }: Together): MochaGroup[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join(folder, file))
    .sort();
  if (files.length === 0) throw new Error(`${folder} has no tests`);
  const group = (name: string): MochaGroup => {
    const path = join(folder, name);
    const members = files.filter((file) => dirname(file) === path);
    if (members.length === 0) throw new Error(`${path} has no tests`);
    return { name: path, files: members };
  };
  const first = sharing.map(group);
  const last = short.map(group);
  const grouped = new Set([...first, ...last].flatMap((each) => each.files));
  const alone = files.filter((file) => !grouped.has(file)).map((file) => ({ name: file, files: [file] }));
  return [...first, ...alone, ...last];
}

import { readdirSync, readFileSync } from "node:fs";
import { dirname, relative, sep } from "node:path";
import { z } from "zod";
import { messageOf } from "../../lib/diagnostics/problem.js";
import { languageOf, type Source } from "./source.js";

/** The measured content of a checkout. */
export interface Checkout {
  readonly sources: readonly Source[];
  /** Names of npm packages → the folder of each one's package.json, from the root; the root's is empty. */
  readonly packages: ReadonlyMap<string, string>;
}

const manifest = z.object({ name: z.string().optional() });

/**
 * Reads the code of a checkout. Skipped are `node_modules`, folders whose name starts with a dot, and symbolic links.
 * @throws if the folder cannot be read or holds no code, or if a package.json is not valid
 */
export function readCheckout(root: string): Checkout {
  const files = filesBelow(root).map((file) => ({ file, path: relative(root, file).split(sep).join("/") }));
  const sources = files
    .filter(({ path }) => languageOf(path) !== undefined)
    .map(({ file, path }) => ({ path, text: readFileSync(file, "utf8") }));
  if (sources.length === 0) throw new Error(`${root} holds no TypeScript, JavaScript, Go or shell file.`);
  const packages = new Map<string, string>();
  for (const { file, path } of files.filter(({ path }) => /(?:^|\/)package\.json$/.test(path))) {
    const name = packageName(file, path);
    if (name !== undefined) packages.set(name, path === "package.json" ? "" : dirname(path));
  }
  return { sources, packages };
}

function packageName(file: string, path: string): string | undefined {
  try {
    return manifest.parse(JSON.parse(readFileSync(file, "utf8"))).name;
  } catch (error) {
    throw new Error(`${path} is no valid package.json: ${messageOf(error)}`, { cause: error });
  }
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isFile()) return [path];
    const skipped = !entry.isDirectory() || entry.name === "node_modules" || entry.name.startsWith(".");
    return skipped ? [] : filesBelow(path);
  });
}

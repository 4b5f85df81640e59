import { readdirSync } from "node:fs";
import { root } from "../../support/unit/fleet.js";

/** Folders of the checkout that hold nothing of ours. */
const foreign = new Set([".git", "node_modules"]);

/** Every file of ours, relative to the root of the checkout, with `/`. */
export function ourFiles(): readonly string[] {
  return readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
    if (foreign.has(entry.name)) return [];
    if (!entry.isDirectory()) return [entry.name];
    return readdirSync(`${root}/${entry.name}`, { withFileTypes: true, recursive: true })
      .filter((file) => file.isFile())
      .map((file) => `${file.parentPath}/${file.name}`.slice(root.length + 1));
  });
}

import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../cli/checkout.js";

/**
 * Gives a copy of the program a folder of packages of its own, whose entries lead to those of the checkout. What the
 * program keeps there stays in the copy.
 * @param root of the copy, without packages
 */
export function linkPackages(root: string): void {
  const packages = join(checkout, "node_modules");
  mkdirSync(join(root, "node_modules"));
  const names = readdirSync(packages).filter((name) => !name.startsWith("."));
  for (const name of names) symlinkSync(join(packages, name), join(root, "node_modules", name));
}

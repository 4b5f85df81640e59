import { cp, symlink } from "node:fs/promises";
import { join } from "node:path";
import { checkout } from "../../../cli/checkout.js";

/** What the program consists of: everything that `pulumi up` reads. */
const parts = [
  "index.ts",
  "package.json",
  "tsconfig.json",
  "Pulumi.yaml",
  "Pulumi.staging.yaml",
  "Pulumi.prod-eu.yaml",
  "flux.lock.json",
  "components",
  "config",
  "fleet",
  "flux",
  "lib",
  "policies",
  "preflight",
  "stacks",
];

/**
 * Copies the program, for a test that edits it: the checkout itself is never touched.
 * @param directory an empty directory
 * @param from folder of the program. @default the checkout
 * @returns the directory
 */
export async function copyProgram(directory: string, from = checkout): Promise<string> {
  for (const part of parts) await cp(join(from, part), join(directory, part), { recursive: true });
  await symlink(join(checkout, "node_modules"), join(directory, "node_modules"));
  return directory;
}

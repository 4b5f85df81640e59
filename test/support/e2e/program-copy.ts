import { cp, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { checkout } from "../../../cli/checkout.js";
import { PROGRAM_FILES, PROGRAM_FOLDERS } from "../../../promotion/program-digest.js";
import { fixtures } from "../fixtures.js";

/** The code that `pulumi up` runs, with the project's settings and the lock. */
const programCode = [...PROGRAM_FILES, ...PROGRAM_FOLDERS, "flux.lock.json"];

/** The code behind `npm start` and `npx fleet`, beside the program. The sandbox itself is linked from node_modules. */
const commandCode = [".npmrc", "cli", "operate", "review", "sandbox/package.json"];

/**
 * Composes the program: the checkout's code, and the stacks of the fixtures. A test can run it and edit it; the checkout
 * itself is never touched, and its own stacks do not matter.
 * @param directory an empty directory
 * @param data folder of the stacks. @default the fixtures
 * @returns the directory
 */
export async function copyProgram(directory: string, data = fixtures): Promise<string> {
  await copyParts(checkout, directory, programCode);
  await copyParts(data, directory, ["stacks", "fleet", ...(await stackFiles(data))]);
  await symlink(join(checkout, "node_modules"), join(directory, "node_modules"));
  return directory;
}

/**
 * Composes a checkout in which `npm start` and `npx fleet` work as well, on the stacks of the fixtures.
 * @param directory an empty directory
 * @returns the directory
 */
export async function copyCheckout(directory: string): Promise<string> {
  await copyParts(checkout, directory, commandCode);
  return copyProgram(directory);
}

async function copyParts(from: string, to: string, parts: readonly string[]): Promise<void> {
  for (const part of parts) await cp(join(from, part), join(to, part), { recursive: true });
}

/** The names of a folder's Pulumi.STACK.yaml. */
async function stackFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((file) => /^Pulumi\..+\.yaml$/.test(file));
}

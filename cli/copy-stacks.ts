import { chmod, cp, readdir } from "node:fs/promises";
import { join } from "node:path";

/** The entries of a checkout that stacks consist of. */
const entriesOfStacks = /^(stacks|fleet|flux\.lock\.json|Pulumi\..+\.yaml)$/;

/** Copies the files of all stacks to an empty folder. The copy can be written and removed, even if the checkout cannot. */
export async function copyStacks(root: string, copy: string): Promise<void> {
  for (const entry of (await readdir(root)).filter((name) => entriesOfStacks.test(name))) {
    await cp(join(root, entry), join(copy, entry), { recursive: true, verbatimSymlinks: true });
  }
  await makeWritable(copy);
}

/** Gives the owner the right to write everything in a folder. A symbolic link may lead to a file of the user. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeWritable(path);
    else if (entry.isFile()) await chmod(path, 0o600);
  }
}

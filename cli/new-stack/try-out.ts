import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fleetError } from "../../lib/diagnostics/problem.js";
import { copyStacks } from "../copy-stacks.js";
import { type LoadedStack, loadStack } from "../load-stack.js";
import type { Files } from "./platform-files.js";

/** Loads a stack of a checkout as it would be with further files. The checkout stays as it is. */
export async function loadWith(root: string, stack: string, files: Files): Promise<LoadedStack> {
  const copy = await realpath(await mkdtemp(join(tmpdir(), "fleet-new-stack-")));
  try {
    await copyStacks(root, copy);
    for (const [file, text] of Object.entries(files)) await writeInto(copy, file, text);
    return await loadStack(copy, stack);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/**
 * Writes a file of a copy. A symbolic link in the copy may lead to a file or folder of the user.
 * @throws FleetError for a file in a folder behind such a link
 */
async function writeInto(copy: string, file: string, text: string): Promise<void> {
  const path = join(copy, file);
  await mkdir(dirname(path), { recursive: true });
  if ((await realpath(dirname(path))) !== dirname(path)) {
    const message = "is in a folder behind a symbolic link, so its content cannot be checked before it is written";
    throw fleetError(file, "", message, "Put the folder itself in the place of the link");
  }
  await rm(path, { force: true });
  await writeFile(path, text);
}

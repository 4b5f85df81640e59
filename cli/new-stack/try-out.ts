import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type LoadedStack, loadStack } from "../load-stack.js";
import type { Files } from "./platform-files.js";

/** The entries of a checkout that the files of a stack consist of. */
const stackEntry = /^(stacks|fleet|flux\.lock\.json|Pulumi\..+\.yaml)$/;

/**
 * Loads a stack of a checkout as it would be with further files. The checkout stays as it is.
 * @param removed files that it would not have. @default none
 */
export async function loadWith(
  root: string,
  stack: string,
  files: Files,
  removed: readonly string[] = [],
): Promise<LoadedStack> {
  const copy = await mkdtemp(join(tmpdir(), "fleet-new-stack-"));
  try {
    for (const entry of (await readdir(root)).filter((name) => stackEntry.test(name))) {
      await cp(join(root, entry), join(copy, entry), { recursive: true, verbatimSymlinks: true });
    }
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(copy, file)), { recursive: true });
      await writeFile(join(copy, file), text);
    }
    for (const file of removed) await rm(join(copy, file));
    return await loadStack(copy, stack);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

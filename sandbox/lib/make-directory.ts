import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a directory with those on the way to it, unless it is there. Node's own `recursive` never returns where the system
 * finds the parent and still answers ENOENT for what is in it, as in /proc and below the mount point of an automounter.
 * @param mode permissions of each new directory. @default 0o777, less the umask
 * @throws the system's error about the directory that cannot be made
 */
export async function makeDirectory(path: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    if (error.code !== "ENOENT") {
      // The path is there: a directory is accepted, and a file is refused.
      await mkdir(path, { recursive: true, mode });
      return;
    }
    if (dirname(path) === path) throw error;
    await makeDirectory(dirname(path), mode);
    await mkdir(path, { mode }).catch((second: NodeJS.ErrnoException) => {
      // Another command made it meanwhile.
      if (second.code !== "EEXIST") throw second;
    });
  }
}

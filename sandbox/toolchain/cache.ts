import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import envPaths from "env-paths";

/**
 * Where built parts are kept: outside every checkout, so that a second one builds nothing.
 *
 * FLEET_TOOLCHAIN_CACHE, when set, names the directory; otherwise it is `fleet/toolchain` under the user's cache
 * directory (XDG_CACHE_HOME or `~/.cache` on Linux).
 */
export function cacheDirectory(environment: NodeJS.ProcessEnv): string {
  const chosen = environment.FLEET_TOOLCHAIN_CACHE;
  return chosen ? resolve(chosen) : join(envPaths("fleet", { suffix: "" }).cache, "toolchain");
}

/** Bytes of a file, or `undefined` when it does not exist. */
export async function fileSize(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Text of a file, or `undefined` when it does not exist. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Copies a folder of Go's module cache. Go keeps that read-only; the copy is to be written to, and deleted again. */
export async function copyWritable(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) {
      await copyWritable(source, target);
    } else {
      await writeFile(target, await readFile(source));
    }
  }
}

/** Whether an error of node:fs means that the file is not there, or that a file is in the place of its folder. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

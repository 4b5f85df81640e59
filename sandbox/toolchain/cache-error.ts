import { ToolchainError } from "./error.js";

/** Errors of the system about the cache folder that a user can remove: the reason. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the device",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a part of the path is not a folder",
};

/** An error of the system about the cache folder, in words; any other error as it is. */
export function cacheError(error: unknown, cache: string): unknown {
  if (error instanceof ToolchainError || !(error instanceof Error)) return error;
  const { code = "", path } = error as NodeJS.ErrnoException;
  const reason = reasons[code];
  if (reason === undefined || !path?.startsWith(cache)) return error;
  return new ToolchainError(
    "toolchain",
    `the cache of the sandbox's parts, ${cache}, cannot be used: ${reason} (${path})`,
    "give yourself access to it, or set FLEET_TOOLCHAIN_CACHE to another folder.",
  );
}

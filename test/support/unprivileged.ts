import { realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";

const isRoot = process.getuid?.() === 0;

/** Options of a process without rights of its own. Root may write everywhere, so it starts the process as user `nobody`. */
export const unprivileged: { readonly uid?: number; readonly gid?: number } = isRoot
  ? { uid: 65_534, gid: 65_534 }
  : {};

/** Whether such a process can read files in a folder. A folder above it may be open to root alone. */
export function isReachable(folder: string): boolean {
  const real = realpathSync(folder);
  const isOpen = !isRoot || (statSync(real).mode & 0o005) === 0o005;
  return isOpen && (real === dirname(real) || isReachable(dirname(real)));
}

import { realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";

const isRoot = process.getuid?.() === 0;

/** Options of a process that may write only what everybody may. Root may write everywhere, so it starts one of `nobody`. */
export const unprivileged: { readonly uid?: number; readonly gid?: number } = isRoot
  ? { uid: 65_534, gid: 65_534 }
  : {};

/** Whether such a process can read files in a folder. Root may have them in a folder of its own. */
export function isReachable(folder: string): boolean {
  const real = realpathSync(folder);
  const isOpen = !isRoot || (statSync(real).mode & 0o005) === 0o005;
  return isOpen && (real === dirname(real) || isReachable(dirname(real)));
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { execa } from "execa";

/** One process of the machine. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Name of the program, cut short by some systems. */
  readonly name: string;
}

/** Every process there is, as far as this user may see. */
export async function allProcesses(): Promise<ProcessEntry[]> {
  if (existsSync("/proc/self/stat")) return readdirSync("/proc").flatMap(entryOf);
  const { stdout } = await execa("ps", ["-A", "-o", "pid=,ppid=,comm="]);
  return stdout.split("\n").flatMap((line) => {
    const [, pid, parent, name] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), name: name ?? "" }];
  });
}

/** A process and everything below it, parents before children. */
export function treeOf(root: number, processes: readonly ProcessEntry[]): ProcessEntry[] {
  const tree = processes.filter(({ pid }) => pid === root);
  // A list that grows while it is walked: each process adds its children.
  for (const { pid } of tree) tree.push(...processes.filter(({ parent }) => parent === pid));
  return tree;
}

function entryOf(directory: string): ProcessEntry[] {
  if (!/^\d+$/.test(directory)) return [];
  try {
    const stat = readFileSync(`/proc/${directory}/stat`, "utf8");
    // The name may hold blanks and brackets: it ends at the last bracket.
    const [open, close] = [stat.indexOf("("), stat.lastIndexOf(")")];
    const parent = Number(stat.slice(close + 2).split(" ")[1]);
    return [{ pid: Number(directory), parent, name: stat.slice(open + 1, close) }];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // It ended between the listing and the look.
    if (code === "ENOENT" || code === "ESRCH") return [];
    throw error;
  }
}

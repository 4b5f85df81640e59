import { existsSync, readFileSync } from "node:fs";

/** Whether a process has ended. One whose end its parent has not noted yet is a zombie, and has ended as well. */
export function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return existsSync("/proc/self/stat") && / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && ["ESRCH", "ENOENT"].includes(String(error.code))) return true;
    throw error;
  }
}

import { readFileSync } from "node:fs";

/** Hertz of the times in /proc on every architecture that Node supports. */
const clockTicks = 100;

/**
 * Processor time of all programs that this process has started and that have ended, on Linux. Elsewhere 0.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function processorSeconds(): number {
  if (process.platform !== "linux") return 0;
  // The name of the program, in parentheses, may contain spaces. Fields 16 and 17 are those of children.
  const [, rest = ""] = /^.*\) (.*)$/s.exec(readFileSync("/proc/self/stat", "utf8")) ?? [];
  const fields = rest.split(" ").map(Number);
  const [user = 0, system = 0] = fields.slice(13, 15);
  return (user + system) / clockTicks;
}

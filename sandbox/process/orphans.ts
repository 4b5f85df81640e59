import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { writePrivateFile } from "../lib/private-file.js";
import { waitUntil } from "./readiness.js";

/** A process that was started here, in a form that a later run can recognise. */
export interface ProcessRecord {
  readonly name: string;
  readonly pid: number;
  /** When the process started, opaque; a process id is reused, the pair of both is not. */
  readonly started: string;
}

/**
 * Keeps a file with the processes that run now, for the run after one that was killed.
 *
 * Writes happen one after the other, and each writes what is true when it begins: the last one always wins.
 */
export class ProcessRegistry {
  readonly #file: string;
  readonly #running: () => readonly { name: string; pid: number }[];
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string, running: () => readonly { name: string; pid: number }[]) {
    this.#file = file;
    this.#running = running;
  }

  /** Writes the file anew. To be called after every change. */
  update(): Promise<void> {
    const write = () => recordProcesses(this.#file, this.#running());
    // A write that failed has told its own caller; the next one does not depend on it.
    this.#writing = this.#writing.then(write, write);
    return this.#writing;
  }
}

async function recordProcesses(file: string, processes: readonly { name: string; pid: number }[]): Promise<void> {
  // The whole state was removed: no later run will look here, and the directory must not come back.
  if (!existsSync(dirname(file))) return;
  const records = processes.flatMap(({ name, pid }): ProcessRecord[] => {
    const started = processStart(pid);
    return started === undefined ? [] : [{ name, pid, started }];
  });
  await writePrivateFile(file, `${JSON.stringify(records, null, 2)}\n`);
}

/**
 * Ends what an earlier run left behind because it was killed: its processes would hold the database and the ports.
 * Only processes that were recorded and still are the same ones are touched.
 * @throws when one of them does not end
 */
export async function endOrphans(file: string): Promise<void> {
  if (!existsSync(file)) return;
  const records = JSON.parse(await readFile(file, "utf8")) as ProcessRecord[];
  const left = records.filter(isAlive);
  for (const record of left) process.kill(record.pid, "SIGTERM");
  try {
    await gone(left, 2_000);
  } catch {
    // They had their time.
    for (const record of left.filter(isAlive)) process.kill(record.pid, "SIGKILL");
    await gone(left, 5_000);
  }
}

function gone(records: readonly ProcessRecord[], timeout: number): Promise<void> {
  const names = records.map(({ name, pid }) => `${name} (${pid})`).join(", ");
  return waitUntil(() => !records.some(isAlive), { what: `The end of an earlier run's processes, ${names},`, timeout });
}

/** Whether a recorded process still runs. */
export function isAlive(record: ProcessRecord): boolean {
  return processStart(record.pid) === record.started;
}

/** When a process started, as an opaque text, or `undefined` when there is no such process. */
export function processStart(pid: number): string | undefined {
  try {
    if (existsSync("/proc/self/stat")) {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The second field, the name, may hold blanks and brackets: count from behind its last bracket.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (fields[0] === "Z") return undefined;
      const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
      return `${boot}/${fields[19]}`;
    }
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch (error) {
    const { code, status } = error as { code?: string; status?: number };
    // No such process: /proc has no entry, or `ps` prints nothing and exits with 1.
    if (code === "ENOENT" || code === "ESRCH" || status === 1) return undefined;
    throw error;
  }
}

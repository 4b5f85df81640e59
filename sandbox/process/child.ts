import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "../lib/message-of.js";
import { guard } from "./guard.js";

/** A program to run. */
export interface ChildSpec {
  /** How messages call it. */
  readonly name: string;
  /** Path of the executable. */
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Working directory, so that the program writes nothing into a checkout. It must exist. */
  readonly cwd: string;
  /** File that both outputs are appended to. */
  readonly log: string;
}

/** How a process ended: one of the two is set. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One running process that was started here. */
export class Child {
  /** Resolves when the process is gone; never rejects. */
  readonly exited: Promise<ChildExit>;
  /** When it was started, in ms since the epoch. */
  readonly startedAt = Date.now();
  #exit: ChildExit | undefined;
  readonly #process: ChildProcess;
  readonly #logStart: number;

  constructor(
    readonly spec: ChildSpec,
    process: ChildProcess,
    readonly pid: number,
    logStart: number,
  ) {
    this.#process = process;
    this.#logStart = logStart;
    this.exited = new Promise((resolve) => {
      process.once("exit", (code, signal) => {
        living.delete(this);
        this.#exit = { code, signal };
        resolve(this.#exit);
      });
    });
  }

  /** How it ended, or `undefined` while it runs. */
  get exit(): ChildExit | undefined {
    return this.#exit;
  }

  /** Sends a signal; nothing happens when the process is gone already. */
  signal(signal: NodeJS.Signals): void {
    if (this.#exit === undefined) this.#process.kill(signal);
  }

  /**
   * Ends the process: SIGTERM, then SIGKILL.
   * @param gracePeriodMs ms between the two
   */
  async stop(gracePeriodMs: number): Promise<ChildExit> {
    this.signal("SIGTERM");
    const timer = setTimeout(() => this.signal("SIGKILL"), gracePeriodMs);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The last lines that this process, not an earlier one, wrote to its log. */
  lastLines(lines: number): string {
    return tail(this.spec.log, lines, this.#logStart);
  }
}

/**
 * Starts a program.
 * @throws when it cannot be started, naming the file
 */
export async function startChild(spec: ChildSpec): Promise<Child> {
  mkdirSync(dirname(spec.log), { recursive: true, mode: 0o700 });
  const log = openSync(spec.log, "a", 0o600);
  try {
    const logStart = statSync(spec.log).size;
    const { command, args, env, cwd } = spec;
    const started = spawn(command, [...args], { env: { ...env }, cwd, stdio: ["ignore", log, log] });
    // `once` also rejects on the "error" event, which is all that a missing executable sends.
    await once(started, "spawn");
    if (started.pid === undefined) throw new Error("it has no process id");
    const child = new Child(spec, started, started.pid, logStart);
    endWithHost();
    living.add(child);
    const release = await guard(child.pid);
    void child.exited.then(release);
    return child;
  } catch (error) {
    const why = messageOf(error);
    throw new Error(`Cannot start ${spec.name} (${spec.command}): ${why}. Build the toolchain again.`);
  } finally {
    closeSync(log);
  }
}

/**
 * The last lines of a file, at most 64 KiB of it.
 * @param from bytes at the start of the file that do not count. @default 0
 */
export function tail(file: string, lines: number, from = 0): string {
  const { size } = statSync(file);
  const start = Math.max(from, size - 65536);
  const buffer = Buffer.alloc(size - start);
  const handle = openSync(file, "r");
  try {
    readSync(handle, buffer, 0, buffer.length, start);
  } finally {
    closeSync(handle);
  }
  return buffer.toString("utf8").trimEnd().split("\n").slice(-lines).join("\n");
}

const living = new Set<Child>();
let endsWithHost = false;

/** When this process ends by itself, it ends its children at once. When a signal ends it, their guard does (guard.ts). */
function endWithHost(): void {
  if (endsWithHost) return;
  endsWithHost = true;
  process.once("exit", () => {
    for (const child of living) child.signal("SIGKILL");
  });
}

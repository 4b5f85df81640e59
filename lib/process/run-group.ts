import { spawn } from "node:child_process";

/** A program to run, and its limits. */
export interface GroupRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Bytes of output that are read at most. */
  readonly maxBytes: number;
  /** Aborted when the program must end. */
  readonly signal: AbortSignal;
}

/** The output of a program that succeeded, or why there is none: nothing of its output is repeated there. */
export type GroupOutcome =
  | { readonly output: string }
  | { readonly failure: "late" | "too much output" | "not run to its end" }
  | { readonly exitCode: number };

/**
 * Runs a program in a process group of its own, with no input. Wherever this process gives it up, the whole group is killed: a program
 * may ignore the request to end, and those that it started itself would go on, and keep its output open. Only a program that
 * leaves its group goes on.
 */
export async function runGroup({ command, args, env, maxBytes, signal }: GroupRun): Promise<GroupOutcome> {
  if (signal.aborted) return { failure: "late" };
  return await new Promise((resolve) => {
    const child = spawn(command, args, { env, detached: true, windowsHide: true, stdio: ["ignore", "pipe", "ignore"] });
    const chunks: Buffer[] = [];
    let size = 0;
    const end = () => {
      child.stdout.destroy();
      killGroup(child.pid);
    };
    const settle = (outcome: GroupOutcome) => {
      signal.removeEventListener("abort", giveUp);
      groups.delete(end);
      watchEnd();
      resolve(outcome);
    };
    const giveUp = () => {
      end();
      settle({ failure: "late" });
    };
    groups.add(end);
    watchEnd();
    signal.addEventListener("abort", giveUp);
    child.stdout.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= maxBytes) return;
      end();
      settle({ failure: "too much output" });
    });
    child.on("error", () => settle({ failure: "not run to its end" }));
    child.on("close", (code) => {
      if (code === 0) settle({ output: Buffer.concat(chunks).toString("utf8") });
      else settle(code === null ? { failure: "not run to its end" } : { exitCode: code });
    });
  });
}

/** Ends the groups that still run. A terminal's interrupt does not reach them. */
const groups = new Set<() => void>();
const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
let isWatched = false;

function endAll(): void {
  for (const end of groups) end();
}

/** A signal ends this process as it would without this listener. */
function endBySignal(signal: NodeJS.Signals): void {
  endAll();
  groups.clear();
  watchEnd();
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

function watchEnd(): void {
  const isNeeded = groups.size > 0;
  if (isNeeded === isWatched) return;
  isWatched = isNeeded;
  const change = isNeeded ? "on" : "off";
  process[change]("exit", endAll);
  for (const signal of endings) process[change](signal, endBySignal);
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // All of it has ended already, or what is left of it runs as another user. An error in a listener would end this process.
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

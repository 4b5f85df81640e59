import { fork } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { withThreads } from "./child-threads.mjs";

/** The signals that end a command, and the one that tells it the size of the terminal. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGWINCH"];

/**
 * Runs a command in a process of its own, kills that as soon as its output is written, and ends this process with its exit
 * code.
 *
 * A question to the resolver of names occupies a thread until the resolver gives up, and a process that ends waits for its
 * threads: with a name server that does not answer, for 10 s and more. One that is killed waits for nothing.
 * @param startedAt when the command began, in milliseconds since 1970. @default - with this process
 * @param entry its first module, which sends its exit code to this process. @default - child.mjs
 * @see https://nodejs.org/api/dns.html#implementation-considerations
 */
export async function runInChild(
  args,
  { startedAt = performance.timeOrigin, entry = join(import.meta.dirname, "child.mjs") } = {},
) {
  const env = { ...withThreads(process.env), FLEET_STARTED_AT: String(startedAt) };
  // In a group of its own: a terminal sends its interrupt to a whole group, and the child would get it twice.
  const child = fork(entry, args, { env, detached: true, stdio: "inherit" });
  const forward = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  process.on("SIGTSTP", stop).on("SIGCONT", forward);
  const { exitCode, signal } = await endOf(child);
  for (const one of [...signals, "SIGCONT"]) process.off(one, forward);
  process.off("SIGTSTP", stop);
  child.kill("SIGKILL");
  if (!signal) process.exit(exitCode ?? 1);
  // The first process of a container ignores a signal to itself, and must not end as if all were well.
  process.exitCode = 128 + constants.signals[signal];
  process.kill(process.pid, signal);

  /** The terminal's Ctrl+Z does not reach the group of the child. */
  function stop() {
    child.kill("SIGSTOP");
    process.kill(process.pid, "SIGSTOP");
  }
}

/** The exit code that the child sends, or its end without one. */
function endOf(child) {
  return new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
    child.once("error", reject);
  });
}

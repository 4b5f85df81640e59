import { spawn } from "node:child_process";
import { once } from "node:events";
import { Socket } from "node:net";
import { join } from "node:path";

/** Program of the guard, see guard.sh. */
const program = join(import.meta.dirname, "guard.sh");

let starting: Promise<(line: string) => void> | undefined;

/**
 * Has a process end with this one, also when a signal ends this process and none of its code runs any more. A small
 * shell process watches over all of them. It is in a session of its own, so a terminal's Ctrl-C does not reach it.
 * @param pid its id; negative: that of the process group which it leads, with all processes in it
 * @returns to be called once it has ended: another process may get its id
 */
export async function guard(pid: number): Promise<() => void> {
  starting ??= start();
  const tell = await starting;
  tell(`start ${pid}\n`);
  return () => tell(`end ${pid}\n`);
}

async function start(): Promise<(line: string) => void> {
  const shell = spawn("/bin/sh", [program], {
    cwd: "/",
    env: {},
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  await once(shell, "spawn");
  const { stdin } = shell;
  // A guard that was killed is missed only if this process is killed too: child.ts ends the components otherwise.
  stdin.on("error", () => undefined);
  // It must not keep this process from ending.
  shell.unref();
  if (stdin instanceof Socket) stdin.unref();
  return (line) => void stdin.write(line);
}

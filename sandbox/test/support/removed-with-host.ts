import { spawn } from "node:child_process";
import { once } from "node:events";
import { Socket } from "node:net";

/**
 * Waits for the end of its input, which is that of the host, and removes the folder. The host's components are killed at
 * the same time (process/guard.sh) and may still write into it, so the removal is tried for some seconds.
 */
const program = `
  cat > /dev/null
  tries=50
  while [ -e "$1" ] && [ "$tries" -gt 0 ]; do
    rm -rf -- "$1" 2> /dev/null || sleep 0.1
    tries=$((tries - 1))
  done
`;

/**
 * Has a folder removed when this process has ended, also when a signal ended it and none of its code ran any more.
 * @returns to be called when the folder is not needed any more; it is removed then
 */
export async function removedWithHost(folder: string): Promise<() => Promise<void>> {
  const shell = spawn("/bin/sh", ["-c", program, "sh", folder], {
    cwd: "/",
    // In a session of its own, so a terminal's Ctrl-C does not reach it.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  await once(shell, "spawn");
  const { stdin } = shell;
  // It must not keep this process from ending.
  shell.unref();
  if (stdin instanceof Socket) stdin.unref();
  return async () => {
    const ended = once(shell, "exit");
    shell.ref();
    stdin.end();
    await ended;
  };
}

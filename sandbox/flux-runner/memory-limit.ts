import type { V1Container } from "@kubernetes/client-node";
import { amount } from "./container-environment.js";

/** A program and its arguments. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * The command that runs a controller within its container's limit of memory. The kernel gives the process no more data
 * than that, and Go ends a process that gets none. So a controller ends here as it would in a container. A machine with
 * a lower limit keeps its own, and the log says so.
 */
export function withinMemoryLimit(container: V1Container, executable: string, args: readonly string[]): Command {
  const limit = container.resources?.limits?.memory;
  if (limit === undefined) return { command: executable, args };
  const kibibytes = Math.floor(amount(limit) / 1024);
  return { command: "/bin/sh", args: ["-c", `ulimit -d ${kibibytes}; exec "$@"`, "sh", executable, ...args] };
}

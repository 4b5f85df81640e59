import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "../lib/message-of.js";
import { logLine } from "../process/log-line.js";

/** Writes one line of what the runner did, with the time. */
export type Log = (line: string) => void;

/** A log in a file, appended to. */
export function fileLog(path: string): Log {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return (line) => logLine(path, line);
}

/** The message of an error, in one line. */
export function reasonOf(error: unknown): string {
  const message = messageOf(error);
  return message.split("\n").slice(0, 3).join(" ");
}

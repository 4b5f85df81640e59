import { appendFileSync } from "node:fs";

/**
 * Appends a line, with the time, to a log. Never throws: it is called where nobody could catch, and a log that cannot be
 * written, because somebody removed the state directory, must not end the host. Such a line goes to stderr.
 */
export function logLine(file: string, line: string): void {
  const text = `${new Date().toISOString()} ${line}\n`;
  try {
    appendFileSync(file, text, { mode: 0o600 });
  } catch (error) {
    process.stderr.write(`${text.trimEnd()} (not in its log: ${String(error)})\n`);
  }
}

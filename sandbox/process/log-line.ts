import { appendFileSync } from "node:fs";

/**
 * Appends a line, with the time, to a log. Never throws, because its callers cannot catch. If the log cannot be
 * written, for example because its directory was removed, the line goes to stderr.
 */
export function logLine(file: string, line: string): void {
  const text = `${new Date().toISOString()} ${line}\n`;
  try {
    appendFileSync(file, text, { mode: 0o600 });
  } catch (error) {
    process.stderr.write(`${text.trimEnd()} (not in its log: ${String(error)})\n`);
  }
}

import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds after which a command tells what it waits for. */
const quietMs = 1000;

/** The terminal that shows progress: the standard error, if it is one. */
export interface ProgressTerminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * Shows on a terminal what a command waits for, when it takes over a second. The line goes when the work is done.
 * @param terminal @default - the standard error
 */
export async function withProgress<T>(
  text: string,
  work: () => Promise<T>,
  terminal: ProgressTerminal = process.stderr,
): Promise<T> {
  if (terminal.isTTY !== true) return await work();
  const ended = new AbortController();
  const show = async () => {
    // The abort is the usual end.
    const waited = await delay(quietMs, true, { signal: ended.signal }).catch(() => false);
    if (waited) terminal.write(`${text} …`);
    return waited;
  };
  const shown = show();
  try {
    return await work();
  } finally {
    ended.abort();
    // Back to the first column, and clear the line.
    if (await shown) terminal.write("\r\u001B[K");
  }
}

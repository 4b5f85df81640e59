/** Milliseconds after which a person wants to know what the command waits for, as in cli/output/progress.ts. */
const quietMs = 1000;

/**
 * Shows on a terminal that the command is being bundled, when that takes over a second. The line goes when the work is
 * done. Plain Node, because it runs before there is a bundle.
 */
export async function withBundlingNotice(work, terminal = process.stderr) {
  if (terminal.isTTY !== true) return await work();
  let isShown = false;
  const timer = setTimeout(() => {
    isShown = true;
    terminal.write("Bundling fleet, once after each change of its code …");
  }, quietMs);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    // Back to the first column, and clear the line.
    if (isShown) terminal.write("\r\u001B[K");
  }
}

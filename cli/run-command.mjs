import { join } from "node:path";

/** Runs a command in this process, and sets its exit code. */
export async function runCommand(args) {
  const { loadBundle } = await import("./program/load-bundle.mjs");
  // A person waits for the command, so it is loaded as one script: Node needs a second for its files. A reviewer waits for
  // `diff`, which is a script of its own.
  const entry = args[0] === "diff" ? "cli/diff/main.ts" : "cli/fleet.ts";
  const { main } = await loadBundle(join(import.meta.dirname, ".."), entry);
  // A reader such as `head` may end before the output does. The command goes on: an update must not end in the middle.
  let isClosed = false;
  process.stdout.on("error", (error) => {
    if (error.code !== "EPIPE") throw error;
    if (isClosed) return;
    isClosed = true;
    process.exitCode ||= 1;
    process.stderr.write("fleet: the reader of the output has closed it, so the output is not complete.\n");
  });
  process.exitCode = (await main(args)) || process.exitCode;
}

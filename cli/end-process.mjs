import { setImmediate } from "node:timers/promises";

/**
 * Ends this process with its exit code, once its output is written: an output that cannot be written changes the code.
 *
 * A question to the resolver of names occupies a thread until the resolver gives up, and Node joins its threads before it ends:
 * with a name server that does not answer, 10 s later. So the process is replaced by one that ends at once, where this version of
 * Node can do so (22.15, 24).
 *
 * @see https://nodejs.org/api/dns.html#implementation-considerations
 * @see https://nodejs.org/api/process.html#processexecvefile-args-env
 */
export async function endProcess() {
  // Everything else that a command has begun has ended with it.
  if (!process.getActiveResourcesInfo().includes("GetAddrInfoReqWrap")) return;
  await outputWritten();
  const code = process.exitCode ?? 0;
  if (typeof process.execve === "function") {
    // Its warning would be of no use to a reader.
    process.removeAllListeners("warning");
    process.execve("/bin/sh", ["sh", "-c", `exit ${code}`], {});
  }
  process.exit(code);
}

/** Waits until the output of this process is written, or its reader has gone, and until that has set the exit code. */
export async function outputWritten() {
  await Promise.all([process.stdout, process.stderr].map(written));
  // A stream calls back before it reports the error.
  await setImmediate();
}

/** A stream whose reader has gone has written all that it will. */
function written(stream) {
  return new Promise((resolve) => {
    if (stream.destroyed || !stream.writable) resolve();
    else stream.write("", () => resolve());
  });
}

/**
 * Prints the path of a part, and builds the part first if the cache lacks it: `node --import tsx provide-part.ts NAME`.
 * The progress goes to the standard error.
 */
import { join } from "node:path";
import { ToolchainError } from "./error.js";
import { type BuildProgress, ensureToolchain } from "./toolchain.js";

/** Seconds between two lines of a long build. */
const intervalSeconds = 10;

function report({ phase, message, elapsedSeconds }: BuildProgress): void {
  const isFrequent = phase === "tick" || phase === "waiting";
  const isDue = Math.floor(elapsedSeconds) % intervalSeconds === 0;
  if (phase !== "ready" && (!isFrequent || isDue)) process.stderr.write(`${message}\n`);
}

const [name = ""] = process.argv.slice(2);
try {
  const { bin } = await ensureToolchain({ parts: [name], onProgress: report });
  process.stdout.write(`${join(bin, name)}\n`);
} catch (error) {
  if (!(error instanceof ToolchainError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

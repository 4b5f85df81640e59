import { SandboxError } from "@fleet/sandbox/sandbox-error";
import { ToolchainError } from "@fleet/sandbox/toolchain/error";
import { FleetError } from "../lib/diagnostics/problem.js";
import { JobError } from "./start/job-error.js";

/** Errors whose message was written for the reader; a FleetError's has a line for each problem. */
const written = [FleetError, SandboxError, ToolchainError, JobError];

/**
 * What to print for whatever was thrown: the message alone where it was written for the reader, otherwise the stack
 * too, for that is a mistake of this program.
 */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return written.some((kind) => error instanceof kind) ? error.message : (error.stack ?? error.message);
}

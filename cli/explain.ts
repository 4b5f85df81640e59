import { SandboxError } from "@fleet/sandbox/sandbox-error";
import { ToolchainError } from "@fleet/sandbox/toolchain/error";
import { FleetError } from "../lib/diagnostics/problem.js";

/** A failed step of `npm start`. Its message names the cause and the remedy. */
export class JobError extends Error {
  override readonly name = "JobError";
}

/** Errors whose message is written for users. A FleetError has one line for each problem. */
const expected = [FleetError, SandboxError, ToolchainError, JobError];

/**
 * The text to print for an error: its message, if that is written for users. Any other error is a defect of this program,
 * and is printed with its stack trace.
 */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return expected.some((kind) => error instanceof kind) ? error.message : (error.stack ?? error.message);
}

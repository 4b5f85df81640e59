import { SandboxError } from "../sandbox/sandbox-error.js";
import { ToolchainError } from "../sandbox/toolchain/error.js";
import { JobError } from "./job-error.js";

/**
 * What to print for whatever was thrown: the message alone where it was written for the reader, otherwise the stack
 * too, for that is a mistake of this program.
 */
export function explain(error: unknown): string {
  if (error instanceof SandboxError || error instanceof ToolchainError || error instanceof JobError)
    return error.message;
  if (error instanceof Error) return error.stack ?? error.message;
  return String(error);
}

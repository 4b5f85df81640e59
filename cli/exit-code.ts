import { FleetError, type Problem } from "../lib/diagnostics/problem.js";

/** The exit codes of `fleet`. Scripts rely on them (docs/troubleshooting.md). */
export const exitCode = {
  success: 0,
  /** A command failed, or a command that looks has findings. */
  failure: 1,
  wrongArguments: 2,
  /** A command could not look, so it knows nothing of findings. */
  couldNotLook: 3,
} as const;

/** The exit codes, for every help text. */
export const exitCodes =
  "\nExit codes: 0 for success, 1 for a failure or findings, 2 for wrong arguments, 3 when a command could not look.";

/** A command has printed its findings. Its message counts them. */
export class FindingsError extends Error {
  override readonly name = "FindingsError";
}

/** A command could not look: a cluster, GitHub or a backend did not answer, or refused. */
export class CouldNotLookError extends FleetError {
  /** @param cause the problems with their remedies */
  constructor(problems: readonly Problem[], cause?: unknown) {
    super(problems);
    this.cause = cause;
  }
}

/** The exit code of an error. */
export function exitCodeOf(error: unknown): number {
  return error instanceof CouldNotLookError ? exitCode.couldNotLook : exitCode.failure;
}

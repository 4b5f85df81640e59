import { SandboxError } from "@fleet/sandbox/sandbox-error";
import { ToolchainError } from "@fleet/sandbox/toolchain/error";
import { FleetError } from "../lib/diagnostics/problem.js";
import { FindingsError } from "./exit-code.js";

/** A failed step of `npm start`. Its message names the cause and the remedy. */
export class JobError extends Error {
  override readonly name: string = "JobError";
}

/** Errors whose message is written for users. A FleetError has one line for each problem. */
const expected = [FleetError, FindingsError, SandboxError, ToolchainError, JobError];

/** Errors of the system about a path that a user chose, such as FLEET_SANDBOX_DIR: the reason, and the remedy. */
const systemErrors: Readonly<Record<string, readonly [reason: string, remedy: string]>> = {
  EACCES: ["permission denied", "give yourself access to it, or choose another folder."],
  EPERM: ["operation not permitted", "give yourself access to it, or choose another folder."],
  EROFS: ["the file system is read-only", "choose a folder that you may write to."],
  ENOSPC: ["no space is left on the device", "free some space, or choose a folder on another device."],
  EDQUOT: ["the disk quota is used up", "free some space, or choose a folder on another device."],
  ENOTDIR: ["a part of the path is not a folder", "correct the path."],
  EISDIR: ["it is a folder", "correct the path."],
  ELOOP: ["too many symbolic links", "correct the path."],
  ENAMETOOLONG: ["the name is too long", "choose a shorter path."],
};

/** A missing file is a defect, and a folder that cannot be made is not: a link on its way, or TMPDIR, leads nowhere. */
const nowhere = ["a part of the path leads nowhere", "correct the path, or create what it leads to."] as const;
const makesFolder = /^mk(?:dir|dtemp)$/;

/**
 * The text to print for an error: its message, if that is written for users. Any other error is a defect of this program,
 * and is printed with its stack trace.
 */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (expected.some((kind) => error instanceof kind)) return error.message;
  return systemMessage(error) ?? error.stack ?? error.message;
}

function systemMessage(error: NodeJS.ErrnoException): string | undefined {
  const { code = "", path, syscall = "access" } = error;
  const [reason, remedy] = code === "ENOENT" && makesFolder.test(syscall) ? nowhere : (systemErrors[code] ?? []);
  if (path === undefined || reason === undefined) return undefined;
  return `Cannot use ${path}: ${reason} (${syscall}).\nWhat to do: ${remedy}`;
}

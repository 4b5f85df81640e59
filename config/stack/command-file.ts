import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Environment } from "./environment.js";

/** How a command of `fleet` tells the program its limited update. */
export interface CommandFile<Content> {
  /** Variable with the path of the file. */
  readonly variable: string;
  readonly content: z.ZodType<Content>;
}

/**
 * The content of the file that a running command has written. A variable alone could be left in a shell, so the file must
 * belong to a command that runs: that command starts the engine with `--target`, and deletes the file when the engine ends.
 * @returns undefined without the variable, and null for a file that no running command has written
 */
export function readCommandFile<Content>(
  { variable, content }: CommandFile<Content>,
  environment: Environment,
): Content | null | undefined {
  const file = environment[variable];
  if (file === undefined) return undefined;
  const { success, data } = z.object({ pid: z.number(), content }).safeParse(parse(file));
  return success && isRunning(data.pid) ? (data.content as Content) : null;
}

/** Calls a function with the variable of a file, which is valid until the function ends. */
export async function withCommandFile<Content, Result>(
  { variable }: CommandFile<Content>,
  content: Content,
  work: (variables: Readonly<Record<string, string>>) => Promise<Result>,
): Promise<Result> {
  // Only this user can read or replace it.
  const folder = mkdtempSync(join(tmpdir(), "fleet-update-"));
  try {
    const file = join(folder, "update.json");
    writeFileSync(file, JSON.stringify({ pid: process.pid, content }));
    return await work({ [variable]: file });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The data of a file; undefined for a missing file, and for one that is not JSON. */
function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}

/** Whether a process of this user runs. */
function isRunning(pid: number): boolean {
  try {
    // Signal 0 only looks. Zero and negative numbers mean groups of processes.
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

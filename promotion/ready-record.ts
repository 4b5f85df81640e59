import { z } from "zod";
import { type CommandFile, readCommandFile, withCommandFile } from "../config/stack/command-file.js";
import type { Environment } from "../config/stack/environment.js";
import { fleetError } from "../lib/diagnostics/problem.js";
import type { ReadyLook } from "./ready.js";

/** Variable with the path of the file by which `fleet wait` tells the program to record a look, and nothing else. */
export const READY_RECORD_VARIABLE = "FLEET_READY_RECORD";

/** A look at the cluster of a stack, with the parts that the stack ran at that time. */
export interface ReadyRecord {
  readonly look: ReadyLook;
  /** Time of the look, in milliseconds since 1970. */
  readonly at: number;
  /** Those parts as JSON. */
  readonly parts: string;
}

const texts = z.record(z.string(), z.string());
const file: CommandFile<ReadyRecord> = {
  variable: READY_RECORD_VARIABLE,
  content: z.object({ look: z.object({ revisions: texts, waiting: texts }), at: z.number(), parts: z.string() }),
};

/**
 * The look that this update records. The program registers nothing but the proof then, so the engine would delete
 * everything else unless it has `--target`.
 * @returns undefined for every other update
 * @throws FleetError for a file that no running command has written
 */
export function readReadyRecord(environment: Environment): ReadyRecord | undefined {
  const record = readCommandFile(file, environment);
  if (record !== null) return record;
  const message = "names no running `fleet wait`, without which an update would delete everything";
  throw fleetError("environment", READY_RECORD_VARIABLE, message, "Unset it");
}

/** Calls a function with the variable of a look, which is valid until the function ends. */
export async function withReadyRecord<Result>(
  record: ReadyRecord,
  work: (variables: Readonly<Record<string, string>>) => Promise<Result>,
): Promise<Result> {
  return await withCommandFile(file, record, work);
}

import { z } from "zod";
import { fleetError } from "../../lib/diagnostics/problem.js";
import { type CommandFile, readCommandFile, withCommandFile } from "./command-file.js";
import type { Environment } from "./environment.js";

/** Variable with the path of the file by which `fleet up --leave-blocked` tells the program what it leaves out. */
export const LEFT_OUT_VARIABLE = "FLEET_LEFT_OUT";

/** The tenants that an update leaves as they are, with the state in which the command found them. */
export interface LeftOut {
  /** At least one. */
  readonly tenants: readonly string[];
  /** URNs of their resources, which the engine excludes. */
  readonly excluded: readonly string[];
  /** `resourcesDigest` of the URNs of the whole state. */
  readonly resources: string;
}

const texts = z.array(z.string());
const file: CommandFile<LeftOut> = {
  variable: LEFT_OUT_VARIABLE,
  content: z.object({ tenants: texts.min(1), excluded: texts, resources: z.string() }),
};

/**
 * The tenants that this update leaves as they are. The program registers none of them, so the engine would delete them
 * unless it has `--exclude`.
 * @returns undefined for every other update
 * @throws FleetError for a file that no running command has written
 */
export function readLeftOut(environment: Environment): LeftOut | undefined {
  const found = readCommandFile(file, environment);
  if (found !== null) return found;
  const message = "names no running `fleet up`, without which an update would delete the tenants that it leaves out";
  const fix = "Unset it. To leave out tenants that are held back, run: npx fleet up STACK --leave-blocked";
  throw fleetError("environment", LEFT_OUT_VARIABLE, message, fix);
}

/** Calls a function with the variable of an update that leaves out tenants, which is valid until the function ends. */
export async function withLeftOut<Result>(
  leftOut: LeftOut,
  work: (variables: Readonly<Record<string, string>>) => Promise<Result>,
): Promise<Result> {
  return await withCommandFile(file, leftOut, work);
}

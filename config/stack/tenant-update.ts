import { z } from "zod";
import { fleetError } from "../../lib/diagnostics/problem.js";
import { type CommandFile, readCommandFile, withCommandFile } from "./command-file.js";
import type { Environment } from "./environment.js";

/** Variable with the path of the file by which `fleet up --tenant` tells the program its tenant. */
export const TENANT_UPDATE_VARIABLE = "FLEET_TENANT_UPDATE";

const file: CommandFile<string> = { variable: TENANT_UPDATE_VARIABLE, content: z.string() };

/**
 * The tenant that this update is limited to. The program then registers no other tenant, so the engine would delete all
 * others unless it has `--target`.
 * @returns undefined for an update of the whole stack
 * @throws FleetError for a file that no running command has written
 */
export function readTenantUpdate(environment: Environment): string | undefined {
  const tenant = readCommandFile(file, environment);
  if (tenant !== null) return tenant;
  const message = "names no running `fleet up`, without which an update would delete every other tenant";
  const fix = "Unset it. To update one tenant, run: npx fleet up STACK --tenant NAME";
  throw fleetError("environment", TENANT_UPDATE_VARIABLE, message, fix);
}

/** Calls a function with the variable of an update of one tenant, which is valid until the function ends. */
export async function withTenantUpdate<Result>(
  tenant: string,
  work: (variables: Readonly<Record<string, string>>) => Promise<Result>,
): Promise<Result> {
  return await withCommandFile(file, tenant, work);
}

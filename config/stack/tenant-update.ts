import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fleetError } from "../../lib/diagnostics/problem.js";
import type { Environment } from "./environment.js";

/** Variable with the path of the file by which `fleet up --tenant` tells the program its tenant. */
export const TENANT_UPDATE_VARIABLE = "FLEET_TENANT_UPDATE";

/** The content of the file: the tenant, and the process of the command. */
interface TenantUpdate {
  readonly tenant: string;
  readonly pid: number;
}

/**
 * The tenant that this update is limited to. The program then registers no other tenant, so the engine would delete all
 * others unless it has `--target`. A variable alone could be left in a shell, so the file must belong to a command that
 * runs: that command starts the engine with `--target`, and deletes the file when the engine ends.
 * @returns undefined for an update of the whole stack
 * @throws FleetError for a file that no running command has written
 */
export function readTenantUpdate(environment: Environment): string | undefined {
  const file = environment[TENANT_UPDATE_VARIABLE];
  if (file === undefined) return undefined;
  const update = parse(file);
  if (update !== undefined && isRunning(update.pid)) return update.tenant;
  const message = "names no running `fleet up`, without which an update would delete every other tenant";
  const fix = "Unset it. To update one tenant, run: npx fleet up STACK --tenant NAME";
  throw fleetError("environment", TENANT_UPDATE_VARIABLE, message, fix);
}

/** Calls a function with the variable of an update of one tenant, which is valid until the function ends. */
export async function withTenantUpdate<Result>(
  tenant: string,
  work: (variables: Readonly<Record<string, string>>) => Promise<Result>,
): Promise<Result> {
  // Only this user can read or replace it.
  const folder = mkdtempSync(join(tmpdir(), "fleet-update-"));
  try {
    const file = join(folder, "update.json");
    const update: TenantUpdate = { tenant, pid: process.pid };
    writeFileSync(file, JSON.stringify(update));
    return await work({ [TENANT_UPDATE_VARIABLE]: file });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The content of the file; undefined for a missing file, and for any other content. */
function parse(file: string): TenantUpdate | undefined {
  try {
    const { tenant, pid } = (JSON.parse(readFileSync(file, "utf8")) ?? {}) as Partial<TenantUpdate>;
    return typeof tenant === "string" && typeof pid === "number" ? { tenant, pid } : undefined;
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

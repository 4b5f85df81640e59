import type { Problem } from "../../lib/diagnostics/problem.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import { definingFile, locationOf } from "./location.js";
import type { TenantFiles } from "./tenant-files.js";

/** The location at which the files of a stack declare a place of a tenant. */
export type Locate = (tenant: string, place: Path) => Pick<Problem, "file" | "line" | "path">;

/**
 * Finds the file and the line that a problem of a tenant must name for its author to find what is to be changed: the
 * overlay if it has a value there, and the base file otherwise, also for what follows from the tenant's name.
 */
export function tenantLocator({ base: bases, overlays }: TenantFiles): Locate {
  return (tenant, place) => {
    const [base, overlay] = [bases.get(tenant), overlays.get(tenant)];
    if (base === undefined || overlay === undefined) throw new Error(`the stack has no tenant ${tenant}`);
    return locationOf(definingFile({ base, overlay }, place), place);
  };
}

import type { Problem } from "../../lib/diagnostics/problem.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import { fileThatSays, placed } from "./declared-tenant.js";
import { readCatalogue } from "./tenant-files.js";

/** Where the files of a stack say something about a tenant. */
export type Locate = (tenant: string, place: Path) => Pick<Problem, "file" | "line" | "path">;

/**
 * Finds the file and the line that a problem of a tenant must name for its author to find what is to be changed: the
 * overlay if it says anything there, and the base file otherwise, also about what follows from the tenant's name.
 *
 * The spec does not know where it was written, and nobody asks but after a problem: so the files are read again, at the
 * first question.
 *
 * @param root folder that has `stacks/`
 * @param stack name of a stack that loads
 */
export function tenantLocator(root: string, stack: string): Locate {
  let read: ReturnType<typeof readCatalogue> | undefined;
  return (tenant, place) => {
    read ??= readCatalogue(root, stack);
    const base = read.base.get(tenant);
    const overlay = read.overlays.get(tenant);
    if (base === undefined || overlay === undefined) throw new Error(`the stack ${stack} has no tenant ${tenant}`);
    return placed(fileThatSays({ base, overlay }, place), place);
  };
}

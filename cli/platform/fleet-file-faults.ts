import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../../lib/diagnostics/problem.js";

/** The faults of the kustomizations in `fleet/` of a checkout, which all stacks share. Nothing is built for it. */
export async function fleetFileFaults(root: string): Promise<readonly Problem[]> {
  // Imported here, because the other commands need no parser.
  const [{ readFolder }, { kustomizationFaults }, { SEED_FOLDER }] = await Promise.all([
    import("../../config/files/read-folder.js"),
    import("../../config/platform/kustomization-faults.js"),
    import("../../config/platform/kustomize-build.js"),
  ]);
  return existsSync(join(root, SEED_FOLDER)) ? kustomizationFaults(readFolder(root, SEED_FOLDER)) : [];
}

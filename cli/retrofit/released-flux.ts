import { lockedVersion, readLock } from "../../flux/release/lock.js";
import { loadManifest } from "../../flux/release/manifest.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import type { ReleasedFlux } from "../../operate/retrofit/installation.js";
import { loadStack } from "../load-stack.js";

/**
 * The objects of the release of Flux that a stack pins. Where its manifest cannot be read, the other steps of a retrofit go on.
 * @param environment FLEET_MANIFESTS names a folder with manifests
 */
export async function releasedFlux(
  root: string,
  stack: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ReleasedFlux> {
  const { spec } = await loadStack(root, stack);
  if (spec === undefined) return { version: "VERSION", unknown: `the settings of the stack ${stack} cannot be read` };
  const { version } = spec.flux;
  try {
    const entry = lockedVersion(readLock(root), version);
    const objects = await loadManifest({ version, entry, directory: environment.FLEET_MANIFESTS });
    return {
      version,
      objects: objects.map(({ kind, metadata: { namespace, name } }) => ({ kind, namespace, name })),
    };
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    const [problem] = error.problems;
    return { version, unknown: problem?.message ?? error.message };
  }
}

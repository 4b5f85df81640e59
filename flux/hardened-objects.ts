import type { FleetSpec } from "../config/fleet-spec.js";
import type { KubernetesObject } from "../lib/kubernetes/object.js";
import { harden } from "./harden/harden.js";
import { lockedVersion, readLock } from "./release/lock.js";
import { loadManifest } from "./release/manifest.js";

/** The stack whose Flux is hardened, and the sources of its lock and manifest. */
export interface HardenedFluxArgs {
  /** Directory of `flux.lock.json`. */
  readonly root: string;
  readonly spec: FleetSpec;
  /** `FLEET_MANIFESTS` may name a directory with `VERSION/install.yaml`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The hardened objects of the stack's Flux version, verified against the lock before anything is applied.
 * @throws FleetError with the problem of the lock, the manifest or the settings
 */
export async function hardenedFlux({
  root,
  spec,
  environment,
}: HardenedFluxArgs): Promise<readonly KubernetesObject[]> {
  const lock = lockedVersion(readLock(root), spec.flux.version);
  const directory = environment.FLEET_MANIFESTS;
  const objects = await loadManifest({ version: spec.flux.version, entry: lock, directory });
  return harden(objects, { settings: spec.flux, lock, stack: spec.stack });
}

import type { FleetSpec } from "../config/fleet-spec.js";
import { harden } from "./harden/harden.js";
import { lockedVersion, readLock } from "./release/lock.js";
import { loadManifest } from "./release/manifest.js";
import type { Manifest } from "./release/typed-kind.js";

/**
 * The hardened objects of the stack's Flux version, verified against the lock before anything is applied.
 * @param root directory of `flux.lock.json`
 * @param directory with `VERSION/install.yaml`, if it has that version @default - the manifest is fetched
 * @throws FleetError with the problem of the lock, the manifest or the settings
 */
export async function hardenedFlux(root: string, { flux, stack }: FleetSpec, directory?: string): Promise<Manifest> {
  const lock = lockedVersion(readLock(root), flux.version);
  const objects = await loadManifest({ version: flux.version, entry: lock, directory });
  return harden(objects, { settings: flux, lock, stack });
}

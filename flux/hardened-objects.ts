import type { FleetSpec } from "../config/fleet-spec.js";
import { deepFreeze } from "../lib/data/freeze.js";
import { harden } from "./harden/harden.js";
import { lockedVersion, readLock } from "./release/lock.js";
import { loadManifest, type ManifestArgs } from "./release/manifest.js";
import type { Manifest } from "./release/typed-kind.js";

/** Loads the objects of a Flux release, verified against the lock. */
export type LoadManifest = (args: ManifestArgs) => Promise<Manifest>;

/**
 * The hardened objects of the stack's Flux version, verified against the lock before anything is applied.
 * @param root directory of `flux.lock.json`
 * @param directory with `VERSION/install.yaml`, if it has that version @default - the manifest is fetched
 * @param load @default - the manifest is read at each call
 * @throws FleetError with the problem of the lock, the manifest or the settings
 */
export async function hardenedFlux(
  root: string,
  { flux, stack }: FleetSpec,
  directory?: string,
  load: LoadManifest = loadManifest,
): Promise<Manifest> {
  const lock = lockedVersion(readLock(root), flux.version);
  const objects = await load({ version: flux.version, entry: lock, directory });
  return harden(objects, { settings: flux, lock, stack });
}

/** Loads each manifest once, for several stacks. Its objects are frozen, because the stacks share them. */
export function loadOnce(load: LoadManifest = loadManifest): LoadManifest {
  const loaded = new Map<string, Promise<Manifest>>();
  return (args) => {
    const key = JSON.stringify([args.version, args.entry]);
    const manifest = loaded.get(key) ?? load(args).then(deepFreeze);
    loaded.set(key, manifest);
    return manifest;
  };
}

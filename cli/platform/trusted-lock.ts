import { isDeepStrictEqual } from "node:util";
import { type FluxLock, type LockEntry, readLock } from "../../flux/release/lock.js";
import { FleetError } from "../../lib/diagnostics/problem.js";

/** Where Flux publishes its releases. */
const fluxReleases = "https://github.com/fluxcd/flux2/releases/download/";

/**
 * Whether a change may decide that the manifest of a lock entry is read: the base revision has the same entry, or Flux
 * itself publishes the manifest.
 * @param baseRoot folder of the base revision
 */
export function trustsLockOf(baseRoot: string): (version: string, entry: LockEntry) => boolean {
  const known = lockOf(baseRoot);
  return (version, entry) => isDeepStrictEqual(known[version], entry) || isRelease(entry.source);
}

/** Dots in a path lead elsewhere, so the address counts as it is fetched. */
function isRelease(source: string): boolean {
  return new URL(source).href.startsWith(fluxReleases);
}

/** A base without a lock that can be read vouches for nothing. */
function lockOf(root: string): FluxLock {
  try {
    return readLock(root);
  } catch (error) {
    if (error instanceof FleetError) return {};
    throw error;
  }
}

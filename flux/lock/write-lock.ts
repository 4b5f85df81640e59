import { closeSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compareVersions } from "../../lib/data/compare-versions.js";
import { fleetError, messageOf } from "../../lib/diagnostics/problem.js";
import { type FluxLock, LOCK_FILE, parseLock } from "../release/lock.js";

/**
 * Writes `flux.lock.json` below `root` atomically: readers see the old file or the new one, and a failure leaves the
 * old one.
 * @throws FleetError when {@link parseLock} would refuse the lock, or it cannot be written
 */
export function writeLock(root: string, lock: FluxLock): void {
  const text = lockText(lock);
  const path = join(root, LOCK_FILE);
  // In the same folder, because a rename works within one file system; with the process id, because runs may overlap.
  const fresh = `${path}.${process.pid}.new`;
  try {
    // A file that exists belongs to another run, and is not removed.
    closeSync(openSync(fresh, "wx"));
    try {
      // Flushed to disk, so that the content survives a power failure.
      writeFileSync(fresh, text, { flush: true });
      renameSync(fresh, path);
    } catch (error) {
      rmSync(fresh);
      throw error;
    }
  } catch (error) {
    const message = `cannot be written: ${messageOf(error)}`;
    throw fleetError(LOCK_FILE, "", message, "Check permissions and free space");
  }
}

/**
 * The text of `flux.lock.json`: versions in ascending order, fields in the schema's order, and controllers by name, so
 * that a diff shows nothing but what was locked.
 * @throws FleetError when {@link parseLock} would refuse it
 */
export function lockText(lock: FluxLock): string {
  // The parser returns the fields in the schema's order.
  const entries = Object.entries(parseLock(JSON.stringify(lock))).map(([version, entry]) => {
    const controllers = Object.entries(entry.controllers).sort(([a], [b]) => (a < b ? -1 : 1));
    return [version, { ...entry, controllers: Object.fromEntries(controllers) }] as const;
  });
  const sorted = entries.sort(([a], [b]) => compareVersions(a, b));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}

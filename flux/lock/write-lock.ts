import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../lib/diagnostics/message-of.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import { type FluxLock, LOCK_FILE, parseLock } from "../release/lock.js";
import { lockText } from "./lock-text.js";

/**
 * Writes `flux.lock.json` below `root` atomically: readers see the old file or the new one, and a failure leaves the
 * old one.
 * @throws FleetError when {@link parseLock} would refuse the lock, or it cannot be written
 */
export function writeLock(root: string, lock: FluxLock): void {
  const text = lockText(lock);
  parseLock(text);
  const path = join(root, LOCK_FILE);
  // In the same folder, because a rename works within one file system; with the process id, because runs may overlap.
  const fresh = `${path}.${process.pid}.new`;
  try {
    const file = openSync(fresh, "wx");
    try {
      fill(file, text);
      renameSync(fresh, path);
    } catch (error) {
      // A file that could not be created belongs to another run, and is not removed.
      rmSync(fresh);
      throw error;
    }
  } catch (error) {
    const message = `cannot be written: ${messageOf(error)}`;
    throw new FleetError([{ file: LOCK_FILE, path: "", message, fix: "Check permissions and free space" }]);
  }
}

/** Writes, flushes to disk and closes, so that the content survives a power failure. */
function fill(file: number, text: string): void {
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

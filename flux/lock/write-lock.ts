import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../lib/diagnostics/message-of.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import { type FluxLock, LOCK_FILE, parseLock } from "../release/lock.js";
import { lockText } from "./lock-text.js";

/**
 * Writes `flux.lock.json` below `root` in one step: whoever reads it sees the old or the new one, and a failure leaves
 * the old one.
 * @throws FleetError when the lock would not be accepted by {@link parseLock}, or cannot be written
 */
export function writeLock(root: string, lock: FluxLock): void {
  const text = lockText(lock);
  parseLock(text);
  const path = join(root, LOCK_FILE);
  // Beside the file, for a rename works within one file system; with our number, for another run writes its own.
  const fresh = `${path}.${process.pid}.new`;
  try {
    const file = openSync(fresh, "wx");
    try {
      fill(file, text);
      renameSync(fresh, path);
    } catch (error) {
      // Only here: what could not be opened is not ours to remove.
      rmSync(fresh);
      throw error;
    }
  } catch (error) {
    const message = `cannot be written: ${messageOf(error)}`;
    throw new FleetError([{ file: LOCK_FILE, path: "", message, fix: "Check permissions and free space" }]);
  }
}

/** Writes and closes; what was written survives a power cut. */
function fill(file: number, text: string): void {
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

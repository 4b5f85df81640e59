import { rm } from "node:fs/promises";
import { join } from "node:path";
import { endOrphans } from "../process/orphans.js";
import { environmentOf, environmentPaths, type StatePaths } from "../state/state-directory.js";
import { endProcess } from "./end-process.js";
import { readRecord } from "./record.js";

/** ms that a daemon has to end what it hosts; more than it allows itself (host.ts). */
const gracePeriodMs = 45_000;

/**
 * Ends a daemon and whatever it left behind, and removes its record. Its data stays.
 * @returns whether there was anything to end
 */
export async function endDaemon(paths: StatePaths, name: string): Promise<boolean> {
  const record = await readRecord(paths, name);
  // Without a readable record no process can be known for sure; the daemon ends when it finds its record gone.
  const how = record === undefined || record === "damaged" ? "gone" : await endProcess(record.process, gracePeriodMs);
  const stack = environmentOf(name);
  if (stack !== undefined && how !== "ended") {
    // It was killed, now or before, and so could not end its children.
    const { controlPlane, fluxRunner } = environmentPaths(paths, stack);
    await endOrphans(join(fluxRunner, "processes.json"));
    await endOrphans(join(controlPlane, "processes.json"));
  }
  await rm(paths.record(name), { force: true });
  return how !== "gone";
}

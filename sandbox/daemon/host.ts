import { rm } from "node:fs/promises";
import { messageOf } from "../lib/message-of.js";
import { isAlive } from "../process/orphans.js";
import { deleteStateDirectory } from "../state/ownership.js";
import type { StatePaths } from "../state/state-directory.js";
import { type DaemonRecord, daemonNames, daemonRecord, readRecord, thisProcess, writeRecord } from "./record.js";
import type { DaemonSpec } from "./spec.js";

/** Something that runs inside a daemon. */
export interface Hosted<Details> {
  /** Its part of the daemon's record. */
  readonly details: Details;
  /** Ends it and waits for it. */
  stop(): Promise<void>;
}

/** ms between two looks at whether anybody still wants this daemon. */
const watchIntervalMs = 1000;
/** ms that a graceful end may take; whatever is left then dies with this process. */
const gracePeriodMs = 40_000;

/**
 * The life of a daemon: says who it is, starts, says that it is ready, and ends on SIGTERM, when its owner has ended, or
 * when its record is gone (a state directory that was deleted leaves nothing running).
 */
export async function host(
  paths: StatePaths,
  name: string,
  spec: DaemonSpec,
  start: () => Promise<Hosted<Partial<DaemonRecord>>>,
): Promise<void> {
  const self = thisProcess(name);
  const { stateDirectory: _, owner, ...rest } = spec;
  const base = { ...rest, process: self, since: new Date().toISOString() };
  let hosted: Hosted<Partial<DaemonRecord>> | undefined;
  let ending = false;

  const end = (why: string) => {
    if (ending) return;
    ending = true;
    log(`ends: ${why}`);
    clearInterval(watch);
    setTimeout(() => quit(1, `did not end within ${gracePeriodMs} ms`), gracePeriodMs).unref();
    // Nothing is started half: what is still starting ends with this process.
    if (hosted === undefined) return quit(0, "while starting");
    void depart(hosted, () => leave(paths, name, self, owner));
  };
  process.on("SIGTERM", () => end("SIGTERM"));
  process.on("SIGINT", () => end("SIGINT"));

  await writeRecord(paths, name, daemonRecord({ ...base, phase: "starting" }));
  const watch = setInterval(() => {
    if (owner !== undefined && !isAlive(owner)) return end(`its owner, ${owner.name} (${owner.pid}), has ended`);
    readRecord(paths, name).then(
      (record) => {
        if (record === undefined || record === "damaged" || record.process.pid !== self.pid) end("its record is gone");
      },
      (error: unknown) => log(`cannot read its record: ${messageOf(error)}`),
    );
  }, watchIntervalMs);

  try {
    hosted = await start();
  } catch (error) {
    clearInterval(watch);
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    await writeRecord(paths, name, daemonRecord({ ...base, phase: "failed", error: messageOf(error) }));
    return quit(1, "it could not start");
  }
  if (ending) return;
  await writeRecord(paths, name, daemonRecord({ ...base, ...hosted.details, phase: "ready" }));
  log("ready");
}

async function depart(hosted: Hosted<unknown>, afterwards: () => Promise<void>): Promise<void> {
  try {
    await hosted.stop();
    await afterwards();
    quit(0, "everything stopped");
  } catch (error) {
    quit(1, messageOf(error));
  }
}

/**
 * Removes the record, unless it is another daemon's by now. The last daemon of an owner that has ended, as a test run
 * that was killed, also removes all data: no other process would.
 */
async function leave(
  paths: StatePaths,
  name: string,
  self: DaemonRecord["process"],
  owner: DaemonSpec["owner"],
): Promise<void> {
  const record = await readRecord(paths, name);
  if (record === undefined || record === "damaged" || record.process.pid !== self.pid) return;
  await rm(paths.record(name), { force: true });
  if (owner === undefined || isAlive(owner) || (await daemonNames(paths)).length > 0) return;
  await deleteStateDirectory(paths);
}

function log(text: string): void {
  process.stdout.write(`${new Date().toISOString()} ${text}\n`);
}

function quit(code: number, why: string): void {
  log(`ended with code ${code}: ${why}`);
  process.exit(code);
}

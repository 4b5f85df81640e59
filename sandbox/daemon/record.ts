import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { z } from "zod";
import { writePrivateFile } from "../lib/private-file.js";
import { isAlive, processStart } from "../process/orphans.js";
import type { StatePaths } from "../state/state-directory.js";

const toolchain = z.object({
  key: z.string(),
  dir: z.string(),
  bin: z.string(),
  plugins: z.string(),
  manifests: z.string(),
});

const process = z.object({
  name: z.string(),
  /** Never signalled unless `started` still fits: process ids are used again. */
  pid: z.number().int().positive(),
  started: z.string().min(1),
});

const common = {
  process,
  /** - `starting`: not yet usable; `failed`: it gave up, `error` says why; `ready`: usable */
  phase: z.enum(["starting", "ready", "failed"]),
  /** When it was started, ISO 8601. */
  since: z.string(),
  /** Why it gave up. @default - it did not */
  error: z.string().optional(),
};

const schema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("github"),
    ...common,
    /** Present once it is ready. */
    github: z.object({ url: z.string(), port: z.number(), sshPort: z.number() }).optional(),
  }),
  z.object({
    kind: z.literal("environment"),
    ...common,
    stack: z.string(),
    /** The toolchain that it was started with. */
    toolchain,
    /** Present once it is ready. */
    environment: z.object({ kubeconfig: z.string(), server: z.string(), receiverUrl: z.string() }).optional(),
  }),
]);

/** The record that a daemon writes of itself. Other processes only remove it, once the daemon's process is gone. */
export type DaemonRecord = z.infer<typeof schema>;
/** The record of GitHub's daemon. */
export type GitHubRecord = Extract<DaemonRecord, { kind: "github" }>;
/** The record of one environment's daemon. */
export type EnvironmentRecord = Extract<DaemonRecord, { kind: "environment" }>;

/** A record out of its parts. @throws when they are not one: a mistake of this program */
export function daemonRecord(parts: unknown): DaemonRecord {
  return schema.parse(parts);
}

/** Writes a record in place of the one before. */
export function writeRecord(paths: StatePaths, name: string, record: DaemonRecord): Promise<void> {
  return writePrivateFile(paths.record(name), `${JSON.stringify(record, null, 2)}\n`);
}

/**
 * Reads the record of a daemon.
 * @returns `undefined` when there is none; `"damaged"` when the file is not a record, so that nothing is known of any
 *   process: a daemon that finds its own record gone ends by itself
 */
export async function readRecord(paths: StatePaths, name: string): Promise<DaemonRecord | "damaged" | undefined> {
  let text: string;
  try {
    text = await readFile(paths.record(name), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return "damaged";
  }
}

/** Names of all daemons that have a record, damaged ones too, sorted. */
export async function daemonNames(paths: StatePaths): Promise<string[]> {
  if (!existsSync(paths.daemons)) return [];
  const files = await readdir(paths.daemons);
  return files
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .sort();
}

/** Whether the daemon of a record still runs: the very process, not another one that got its number. */
export function isRunning(record: DaemonRecord): boolean {
  return isAlive(record.process);
}

/** This process, in the form of a record. */
export function thisProcess(name: string): DaemonRecord["process"] {
  const { pid } = globalThis.process;
  return { name, pid, started: processStart(pid) ?? "unknown" };
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pidusage from "pidusage";
import { type DaemonRecord, daemonNames, isRunning, readRecord } from "../daemon/record.js";
import { messageOf } from "../lib/message-of.js";
import { allProcesses, type ProcessEntry, treeOf } from "../process/process-tree.js";
import { environmentOf, environmentPaths, type StatePaths, statePaths } from "../state/state-directory.js";

/** One process of the sandbox. */
export interface ProcessStatus {
  readonly name: string;
  readonly pid: number;
  /** Resident memory, bytes. Pages that processes share count in each. */
  readonly memory: number;
}

/** One part of the sandbox: GitHub, or an environment. */
export interface PartStatus {
  readonly name: string;
  /** `dead`: it is recorded but does not run; `damaged`: its record cannot be read. */
  readonly state: "starting" | "ready" | "failed" | "dead" | "damaged";
  /** When it was started, ISO 8601. @default - not known */
  readonly since?: string;
  /** Where it can be reached, by what is there: `github`, `ssh`, `kubernetes`, `webhooks`. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Its daemon first. */
  readonly processes: readonly ProcessStatus[];
}

/** The state of a sandbox. */
export interface SandboxStatus {
  readonly stateDirectory: string;
  readonly parts: readonly PartStatus[];
  /** Resident memory of all processes, bytes. */
  readonly memory: number;
}

/** Looks at everything that a state directory knows of; changes nothing. */
export async function status(stateDirectory: string): Promise<SandboxStatus> {
  const paths = statePaths(stateDirectory);
  const processes = await allProcesses();
  const names = await daemonNames(paths);
  const parts = await Promise.all(names.map((name) => part(paths, name, processes)));
  const memory = parts.flatMap((each) => each.processes).reduce((sum, each) => sum + each.memory, 0);
  return { stateDirectory, parts, memory };
}

/** Stacks whose environment a state directory knows, running or not; a checkout may have lost them. */
export async function knownStacks(stateDirectory: string): Promise<string[]> {
  const names = await daemonNames(statePaths(stateDirectory));
  return names.flatMap((name) => environmentOf(name) ?? []);
}

async function part(paths: StatePaths, name: string, processes: readonly ProcessEntry[]): Promise<PartStatus> {
  const record = await readRecord(paths, name);
  if (record === undefined || record === "damaged") return { name, state: "damaged", addresses: {}, processes: [] };
  const { since } = record;
  if (!isRunning(record))
    return { name, state: record.phase === "failed" ? "failed" : "dead", since, addresses: {}, processes: [] };
  const tree = treeOf(record.process.pid, processes);
  return {
    name,
    state: record.phase,
    since,
    addresses: addressesOf(record),
    processes: await measured(tree, await knownNames(paths, record)),
  };
}

function addressesOf(record: DaemonRecord): Record<string, string> {
  if (record.kind === "environment") {
    const { environment } = record;
    return environment === undefined ? {} : { kubernetes: environment.server, webhooks: environment.receiverUrl };
  }
  const { github } = record;
  return github === undefined ? {} : { github: github.url, ssh: `ssh://git@127.0.0.1:${github.sshPort}/` };
}

async function measured(tree: readonly ProcessEntry[], names: ReadonlyMap<number, string>): Promise<ProcessStatus[]> {
  const [daemon] = tree;
  const measures = tree.map(async ({ pid, parent, name }) => {
    const memory = await memoryOf(pid);
    // The only shell that a daemon starts itself: see process/guard.ts.
    const system = name === "sh" && parent === daemon?.pid ? "guard" : name;
    return memory === undefined ? [] : [{ name: names.get(pid) ?? system, pid, memory }];
  });
  return (await Promise.all(measures)).flat();
}

/** Resident memory, bytes; `undefined` when the process has ended since it was listed. */
async function memoryOf(pid: number): Promise<number | undefined> {
  try {
    return (await pidusage(pid)).memory;
  } catch (error) {
    if (messageOf(error).includes("No matching pid")) return undefined;
    throw error;
  }
}

/** Names of an environment's processes, as their starters recorded them: a system cuts its own names short. */
async function knownNames(paths: StatePaths, record: DaemonRecord): Promise<Map<number, string>> {
  const names = new Map([[record.process.pid, record.process.name]]);
  const stack = environmentOf(record.process.name);
  if (stack === undefined) return names;
  const { controlPlane, fluxRunner } = environmentPaths(paths, stack);
  for (const directory of [controlPlane, fluxRunner]) {
    for (const { pid, name } of await recorded(join(directory, "processes.json"))) names.set(pid, name);
  }
  return names;
}

async function recorded(file: string): Promise<{ pid: number; name: string }[]> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as { pid: number; name: string }[];
  } catch (error) {
    // Nothing runs there yet, or the file is someone else's problem: names are only for people.
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || error instanceof SyntaxError) return [];
    throw error;
  }
}

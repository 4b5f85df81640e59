import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { SandboxError } from "../lib/sandbox-error.js";
import { tail } from "../process/child.js";
import { isAlive, processStart } from "../process/orphans.js";
import { waitUntil } from "../process/readiness.js";
import { checkout, type StatePaths, statePaths } from "../state/state-directory.js";
import { daemonProgram } from "./daemon-bundle.js";
import { endProcess } from "./end-process.js";
import { type DaemonRecord, readRecord } from "./record.js";
import type { DaemonSpec } from "./spec.js";

/** ms that a daemon may take to become ready. Seconds are usual; a busy build machine is much slower. */
const timeoutMs = 180_000;

/**
 * Starts a daemon that outlives this process, and waits until it says that it is ready.
 * @returns its record
 * @throws SandboxError with the daemon's own words when it gives up, ends or takes too long; nothing of it is left then
 */
export async function launchDaemon(name: string, spec: DaemonSpec): Promise<DaemonRecord> {
  const paths = statePaths(spec.stateDirectory);
  const log = paths.log(name);
  const child = begin(log, spec, await daemonProgram());
  const { pid } = child;
  if (pid === undefined) throw await refusal(child, name, log);
  // Gone already when there is no start time; the wait below finds that out and tells why.
  const self = { name, pid, started: processStart(pid) ?? "gone" };

  let record: DaemonRecord | undefined;
  const look = async (): Promise<boolean> => {
    record = await recordOf(paths, name, pid);
    return record?.phase === "ready" || record?.phase === "failed" || !isAlive(self);
  };
  try {
    await waitUntil(look, { what: `The sandbox's ${name}`, timeout: timeoutMs });
  } catch {
    await endProcess(self, 15_000);
    throw failure(`${name} was not ready within ${timeoutMs / 1000} s and was ended.`, log);
  }
  record = await recordOf(paths, name, pid);
  if (record?.phase === "ready") return record;
  if (record?.error !== undefined) {
    throw new SandboxError(`${name} could not start: ${record.error}`, `read ${log}, then run the same command again.`);
  }
  throw failure(`${name} ended while it started.`, log);
}

async function recordOf(paths: StatePaths, name: string, pid: number): Promise<DaemonRecord | undefined> {
  const record = await readRecord(paths, name);
  return record === undefined || record === "damaged" || record.process.pid !== pid ? undefined : record;
}

/** Starts the process, in a session of its own: a Ctrl-C for the command must not reach it. */
function begin(log: string, spec: DaemonSpec, program: readonly string[]): ChildProcess {
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
  if (existsSync(log)) renameSync(log, log.replace(/\.log$/, ".previous.log"));
  const output = openSync(log, "a", 0o600);
  try {
    const child = spawn(process.execPath, [...program, JSON.stringify(spec)], {
      cwd: checkout,
      detached: true,
      env: daemonEnvironment(process.env),
      stdio: ["ignore", output, output],
    });
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

/**
 * The environment of a daemon, from its starter's: without variables that point Git, a Kubernetes client or Node at
 * something else, because the daemon outlives the shell, the Git hook or the test run that started it.
 */
export function daemonEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign = /^(GIT_|GITHUB_|PULUMI_|KUBE|NODE_OPTIONS$|NODE_V8_COVERAGE$|npm_)/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !foreign.test(name)));
}

function refusal(child: ChildProcess, name: string, log: string): Promise<SandboxError> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(failure(`${name} cannot be started: ${error.message}.`, log)));
  });
}

function failure(what: string, log: string): SandboxError {
  return new SandboxError(what, "read the log; `npx fleet sandbox down` and then `up` begin anew with the same data.", {
    file: log,
    tail: tail(log, 20) || "(empty)",
  });
}

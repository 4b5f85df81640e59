import { existsSync, realpathSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { definedOnly } from "../../lib/data/defined-only.js";
import { fleetError } from "../../lib/diagnostics/problem.js";
import { checkout } from "../checkout.js";
import { endingSignal } from "./end-by-signal.js";
import { readRecorded } from "./read-recorded.js";
import type { RecordedRevision, RecordRequest } from "./recorded-revision.js";
import { RECORDER_ENTRY, type RecorderBundle } from "./recorder-bundle.js";
import { restrictions } from "./restrictions.js";

/** ms that a recording may take. Three stacks with thirty tenants take a few seconds. */
const timeoutMs = 300_000;

/** Variables that the recorder gets. No credential is among them: the program of a fork may read every variable. */
const passedVariables = [
  ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot"],
  ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "NODE_EXTRA_CA_CERTS"],
].flat();

/** A recorder that has its request, and needs nothing more of this process. */
export interface RunningRecorder {
  /** The result, or the error of {@link runRecorder}. */
  readonly recorded: Promise<RecordedRevision>;
}

/**
 * Records the stacks of a revision by the program of that revision, in a process of its own.
 * @throws FleetError with the first lines of the process, if it fails, and for a result that is no record
 */
export async function runRecorder(bundle: RecorderBundle, request: RecordRequest): Promise<RecordedRevision> {
  const { recorded } = await startRecorder(bundle, request);
  return await recorded;
}

/**
 * Starts a recorder. This process can then work without keeping it waiting.
 * @throws Error of the file system
 */
export async function startRecorder(bundle: RecorderBundle, request: RecordRequest): Promise<RunningRecorder> {
  const folder = await mkdtemp(join(tmpdir(), "fleet-diff-"));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  const file = (name: string) => join(folder, name);
  const [code, positions, out] = [file("code"), file("positions"), file("recorded")];
  const { root } = bundle;
  // The process runs in another folder.
  const manifests = request.manifests === undefined ? [] : [resolve(request.manifests)];
  const input = { root, entry: RECORDER_ENTRY, code, positions, out, request: { ...request, manifests: manifests[0] } };
  try {
    await Promise.all([writeFile(code, bundle.code), writeFile(positions, bundle.positions)]);
    const folders = [root, folder, realpathSync(checkout), ...packageFolders(root), ...manifests];
    const running = startProcess(root, restrictions({ folders, written: out }), input);
    const recorded = resultOf(running, out).finally(removeFolder);
    // The caller may fail before it waits for the result.
    recorded.catch(() => undefined);
    await requestWritten(running);
    return { recorded };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

/** The packages may be in another folder, to which a link leads. */
function packageFolders(root: string): string[] {
  const folder = join(root, "node_modules");
  return existsSync(folder) ? [realpathSync(folder)] : [];
}

function startProcess(cwd: string, flags: readonly string[], input: object) {
  const environment = passedVariables.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return execa(process.execPath, [...flags, join(checkout, "cli", "diff", "recorder.mjs")], {
    cwd,
    env: Object.fromEntries(environment),
    extendEnv: false,
    input: JSON.stringify(input),
    timeout: timeoutMs,
    reject: false,
    ...definedOnly({ cancelSignal: endingSignal() }),
  });
}

type RecorderProcess = ReturnType<typeof startProcess>;

/** Waits until the process has its request, or does not read it because it has ended. */
async function requestWritten({ stdin }: RecorderProcess): Promise<void> {
  await new Promise<unknown>((resolve) => {
    stdin.once("finish", resolve).once("close", resolve);
  });
}

async function resultOf(running: RecorderProcess, out: string): Promise<RecordedRevision> {
  const result = await running;
  endingSignal()?.throwIfAborted();
  if (!result.failed) return readRecorded(out);
  const lines = result.stderr.trim().split("\n").slice(0, 12).join("\n");
  const end = result.timedOut ? "a timeout" : `exit code ${result.exitCode}`;
  throw fleetError("recorder", "", `ended with ${end}:\n${lines}`);
}

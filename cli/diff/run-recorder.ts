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

/**
 * Records the stacks of a revision by the program of that revision, in a process of its own.
 * @throws FleetError with the last lines of the process, if it fails, and for a result that is no record
 */
export async function runRecorder(bundle: RecorderBundle, request: RecordRequest): Promise<RecordedRevision> {
  const folder = await mkdtemp(join(tmpdir(), "fleet-diff-"));
  const file = (name: string) => join(folder, name);
  const [code, positions, out] = [file("code"), file("positions"), file("recorded")];
  const { root } = bundle;
  // The process runs in another folder.
  const manifests = request.manifests === undefined ? [] : [resolve(request.manifests)];
  const input = { root, entry: RECORDER_ENTRY, code, positions, out, request: { ...request, manifests: manifests[0] } };
  try {
    await Promise.all([writeFile(code, bundle.code), writeFile(positions, bundle.positions)]);
    const folders = [root, folder, realpathSync(checkout), ...packageFolders(root), ...manifests];
    await runProcess(root, restrictions({ folders, written: out }), input);
    return readRecorded(out);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The packages may be in another folder, to which a link leads. */
function packageFolders(root: string): string[] {
  const folder = join(root, "node_modules");
  return existsSync(folder) ? [realpathSync(folder)] : [];
}

async function runProcess(cwd: string, flags: readonly string[], input: object): Promise<void> {
  const environment = passedVariables.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const result = await execa(process.execPath, [...flags, join(checkout, "cli", "diff", "recorder.mjs")], {
    cwd,
    env: Object.fromEntries(environment),
    extendEnv: false,
    input: JSON.stringify(input),
    timeout: timeoutMs,
    reject: false,
    ...definedOnly({ cancelSignal: endingSignal() }),
  });
  endingSignal()?.throwIfAborted();
  if (!result.failed) return;
  const lines = result.stderr.trim().split("\n").slice(0, 12).join("\n");
  const end = result.timedOut ? "a timeout" : `exit code ${result.exitCode}`;
  throw fleetError("recorder", "", `ended with ${end}:\n${lines}`);
}

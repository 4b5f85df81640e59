import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { fleetError } from "../../lib/diagnostics/problem.js";
import { checkout } from "../checkout.js";
import { RECORD_FORMAT, type RecordedRevision, type RecordRequest } from "./recorded-revision.js";
import { RECORDER_ENTRY, type RecorderBundle } from "./recorder-bundle.js";

/** ms that a recording may take. Three stacks with thirty tenants take a few seconds. */
const timeoutMs = 300_000;

/** Variables that the recorder gets. No credential is among them: the program of a fork may read every variable. */
const passedVariables = [
  ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot"],
  ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "NODE_EXTRA_CA_CERTS"],
].flat();

/**
 * Records the stacks of a revision by the program of that revision, in a process of its own.
 * @throws FleetError with the last lines of the process, if it fails
 */
export async function runRecorder(bundle: RecorderBundle, request: RecordRequest): Promise<RecordedRevision> {
  const folder = await mkdtemp(join(tmpdir(), "fleet-diff-"));
  const [code, positions, out] = ["code", "positions", "recorded"].map((name) => join(folder, name));
  if (code === undefined || positions === undefined || out === undefined) throw new Error("no names of files");
  try {
    await Promise.all([writeFile(code, bundle.code), writeFile(positions, bundle.positions)]);
    await runProcess(bundle.root, { root: bundle.root, entry: RECORDER_ENTRY, code, positions, out, request });
    return checked(JSON.parse(await readFile(out, "utf8")) as RecordedRevision);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runProcess(cwd: string, input: object): Promise<void> {
  const environment = passedVariables.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const result = await execa(process.execPath, [join(checkout, "cli", "diff", "recorder.mjs")], {
    cwd,
    env: Object.fromEntries(environment),
    extendEnv: false,
    input: JSON.stringify(input),
    timeout: timeoutMs,
    reject: false,
  });
  if (!result.failed) return;
  const lines = result.stderr.trim().split("\n").slice(0, 12).join("\n");
  const end = result.timedOut ? "a timeout" : `exit code ${result.exitCode}`;
  throw fleetError("recorder", "", `ended with ${end}:\n${lines}`);
}

function checked(recorded: RecordedRevision): RecordedRevision {
  if (recorded.format === RECORD_FORMAT) return recorded;
  const message = `records in the form ${recorded.format}, and this command reads ${RECORD_FORMAT}`;
  throw fleetError(join("cli", "diff"), "", message);
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { definedOnly } from "../../lib/data/defined-only.js";
import { fleetError } from "../../lib/diagnostics/problem.js";
import { endingSignal } from "./end-by-signal.js";
import { RECORD_FORMAT, type RecordedRevision, type RecordRequest } from "./recorded-revision.js";

/** ms that a recording may take. Three stacks with thirty tenants take a few seconds. */
const timeoutMs = 300_000;

/** Variables that the recorder gets. No credential is among them: the program of a fork may read every variable. */
const passedVariables = [
  ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot"],
  ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "NODE_EXTRA_CA_CERTS"],
].flat();

/**
 * Records the stacks of a revision by the program of that revision, in a process of its own.
 * @param root folder of the revision
 * @throws FleetError with the last lines of the process, if it fails
 */
export async function runRecorder(root: string, request: RecordRequest): Promise<RecordedRevision> {
  const environment = passedVariables.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const result = await execa(
    "node",
    ["--import", "./cli/diff/speed-up.mjs", "--import", "tsx/esm", "cli/diff/record.ts"],
    {
      cwd: root,
      env: Object.fromEntries(environment),
      extendEnv: false,
      input: JSON.stringify(request),
      timeout: timeoutMs,
      reject: false,
      ...definedOnly({ cancelSignal: endingSignal() }),
    },
  );
  endingSignal()?.throwIfAborted();
  if (result.failed) {
    const lines = result.stderr.trim().split("\n").slice(0, 12).join("\n");
    throw fleetError(
      "recorder",
      "",
      `ended with ${result.timedOut ? "a timeout" : `exit code ${result.exitCode}`}:\n${lines}`,
    );
  }
  const recorded = JSON.parse(await readFile(request.out, "utf8")) as RecordedRevision;
  if (recorded.format === RECORD_FORMAT) return recorded;
  throw fleetError(
    join("cli", "diff"),
    "",
    `records in the form ${recorded.format}, and this command reads ${RECORD_FORMAT}`,
  );
}

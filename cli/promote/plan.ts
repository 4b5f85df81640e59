import { declaringFiles } from "../../config/files/declaring-files.js";
import { valueAt } from "../../config/files/location.js";
import { readFolder } from "../../config/files/read-folder.js";
import { readTenantFiles } from "../../config/files/tenant-files.js";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { dataBelowOverlay } from "../../config/tenant/parse-tenant.js";
import { readLock } from "../../flux/release/lock.js";
import { isPlainObject } from "../../lib/data/merge.js";
import { FleetError, fleetError, type Problem } from "../../lib/diagnostics/problem.js";
import { type Chart, findCharts } from "../../promotion/charts.js";
import { fluxValue } from "../../promotion/content.js";
import { editYaml } from "../../promotion/edit-yaml.js";
import { inForce } from "../../promotion/history.js";
import type { Proof } from "../../promotion/proof.js";
import { tenantRef } from "../../promotion/tenant-ref.js";
import type { Edits } from "./edits.js";

/** The source and the target of a promotion. */
export interface Promotion {
  readonly root: string;
  readonly from: FleetSpec;
  readonly to: FleetSpec;
  /** The content that the source runs. */
  readonly proved: Proof;
}

/**
 * Has the target's settings name the version of Flux that the source runs.
 * @throws FleetError when the lock of this checkout pins that version otherwise
 */
export function promoteFlux({ root, from, to, proved }: Promotion, edits: Edits): void {
  const current = inForce(proved.flux)?.value ?? "";
  const [version = ""] = current.split(" ", 1);
  const lock = readLock(root);
  const entry = Object.hasOwn(lock, version) ? lock[version] : undefined;
  if (entry === undefined || fluxValue(version, entry) !== current) {
    const message = `does not pin Flux ${version} as the stack ${from.stack} has run it`;
    throw fleetError("flux.lock.json", version, message, `Use the file of the commit that ${from.stack} runs`);
  }
  if (to.flux.version === version) return;
  const file = `Pulumi.${to.stack}.yaml`;
  edits.apply(file, (text) => {
    // Pulumi takes a key without namespace for one of the project.
    const key = /^ +["']?fleet:fluxVersion["']?:/m.test(text) ? "fleet:fluxVersion" : "fluxVersion";
    return editYaml(file, text, { path: ["config", key], value: version });
  });
}

/**
 * Has the target's files of `fleet/` name the versions of charts that the source runs. A file that both stacks apply is the
 * same for both already.
 * @throws FleetError with each chart that has no version to edit
 */
export function promoteCharts({ root, from, to, proved }: Promotion, edits: Edits): void {
  const proofs = new Map(Object.entries(proved.charts));
  const problems: Problem[] = [];
  for (const chart of findCharts(readFolder(root, "fleet"), to)) {
    const wanted = inForce(proofs.get(chart.name) ?? {})?.value;
    if (wanted === undefined || wanted === chart.value) continue;
    const cut = wanted.lastIndexOf(" ");
    const [name, version] = [wanted.slice(0, cut), wanted.slice(cut + 1)];
    if (chart.versionPath === undefined || version === "*" || !chart.value.startsWith(`${name} `)) {
      const message = `has the chart ${chart.value}, and the stack ${from.stack} has run ${wanted}`;
      problems.push({ file: chart.file, line: chart.line, path: chart.path, message, fix: "Write it by hand" });
      continue;
    }
    const { file, versionPath: path } = chart;
    edits.apply(file, (text) =>
      editYaml(file, text, { path, value: version, isMeant: (data) => isChart(data, chart) }),
    );
  }
  if (problems.length > 0) throw new FleetError(problems);
}

function isChart(data: unknown, { kind, object }: Chart): boolean {
  return isPlainObject(data) && data.kind === kind && valueAt(data, ["metadata", "name"]) === object;
}

/**
 * Has the target's overlay of a tenant name the revision that the source runs.
 * @param tenant known on both stacks
 * @param revision as Flux writes it: `main@sha1:…`
 * @throws FleetError when the revision names no commit, or the overlay's layout does not allow the edit
 */
export function promoteTenant(promotion: Promotion, edits: Edits, tenant: string, revision: string): void {
  const { root, from, to } = promotion;
  const overlay = `stacks/${to.stack}/tenants/${tenant}.yaml`;
  const [followed = {}, current = {}] = [from, to].map(
    ({ tenants }) => tenants.find(({ name }) => name === tenant)?.syncs[0].ref,
  );
  const ref = tenantRef(revision, followed);
  if (ref === undefined) {
    const message = `runs the revision ${JSON.stringify(revision)} on the stack ${from.stack}, which names no commit`;
    throw fleetError(overlay, "sync.ref", message, "Wait until Flux has applied a commit");
  }
  if (JSON.stringify(ref) === JSON.stringify(current)) return;
  const files = declaringFiles(readTenantFiles(root, to.stack), tenant);
  const below = files && valueAt(dataBelowOverlay(files), ["sync", "ref"]);
  // The fields of the other files would be merged into the overlay's.
  const others = Object.keys(isPlainObject(below) ? below : {}).filter((field) => !Object.hasOwn(ref, field));
  const value = { ...ref, ...Object.fromEntries(others.map((field) => [field, null])) };
  edits.apply(overlay, (text) => editYaml(overlay, text, { path: ["sync", "ref"], value }));
}

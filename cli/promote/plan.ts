import { valueAt } from "../../config/files/location.js";
import { readFolder } from "../../config/files/read-folder.js";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { readLock } from "../../flux/release/lock.js";
import { isPlainObject } from "../../lib/data/merge.js";
import { FleetError, fleetError, type Problem } from "../../lib/diagnostics/problem.js";
import { type Chart, findCharts } from "../../promotion/charts.js";
import { fluxValue } from "../../promotion/content.js";
import { editYaml } from "../../promotion/edit-yaml.js";
import { type History, inForce, ranFor } from "../../promotion/history.js";
import { historyIn, type Proof } from "../../promotion/proof.js";
import { lengthText } from "../../promotion/words.js";
import type { Edits } from "./edits.js";

/** The source and the target of a promotion. */
export interface Promotion {
  readonly root: string;
  readonly from: FleetSpec;
  readonly to: FleetSpec;
  /** The content that the source runs. */
  readonly proved: Proof;
  /** Whether the target follows the branch of the platform's repository on purpose. */
  readonly followsPlatform: boolean;
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
    return editYaml(file, text, { path: ["config", settingKey(text, "fluxVersion")], value: version });
  });
}

/** The key of a setting in the text of a stack's file. Pulumi takes a key without namespace for one of the project. */
export function settingKey(text: string, setting: string): string {
  return new RegExp(`^ +["']?${setting}["']?:`, "m").test(text) ? setting : `fleet:${setting}`;
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
 * Why versions stay behind that the target does not name: the source has not run them for the soak.
 * @param soaked the proof without them
 */
export function youngVersions({ root, from, to, proved }: Promotion, soaked: Proof, now: number): readonly string[] {
  const reason = (name: string, history: History) => {
    const current = inForce(history);
    const ran = current && ranFor(history, current.value, now);
    return ran === undefined
      ? []
      : [`${name} runs on ${from.stack} for ${lengthText(ran)}, and fleet:soak is ${to.promotion.soak}`];
  };
  const [version = ""] = (inForce(proved.flux)?.value ?? "").split(" ", 1);
  const isYoung = inForce(soaked.flux) === undefined && version !== to.flux.version;
  const charts = findCharts(readFolder(root, "fleet"), to).filter(({ name, value }) => {
    const wanted = inForce(historyIn(proved.charts, name))?.value;
    return wanted !== undefined && wanted !== value && inForce(historyIn(soaked.charts, name)) === undefined;
  });
  return [
    ...(isYoung ? reason(`Flux ${version}`, proved.flux) : []),
    ...charts.flatMap(({ name }) => reason(`the chart of ${name}`, historyIn(proved.charts, name))),
  ];
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import { readFolder } from "../../config/files/read-folder.js";
import { CHART_DIGEST_ANNOTATION } from "../../config/platform/chart-lock.js";
import { SEED_FOLDER } from "../../config/platform/kustomize-build.js";
import { type ComparedChart, compareCharts } from "../../flux/lock/charts/compare-charts.js";
import { writeDigest } from "../../flux/lock/charts/write-digest.js";
import type { Transport } from "../../flux/release/https.js";
import { FleetError, fleetError, type Problem, problemLine } from "../../lib/diagnostics/problem.js";
import { CouldNotLookError, FindingsError } from "../exit-code.js";
import { writeAll } from "../new-stack/write-files.js";
import { Edits } from "../promote/edits.js";
import type { Streams } from "../streams.js";

/** The arguments of {@link lockCharts}. */
export interface LockChartsArgs {
  /** Folder that has `fleet/`. */
  readonly root: string;
  /** Whether the files are compared only. */
  readonly check: boolean;
  /** Whether the digest of a version that was moved is replaced. */
  readonly replace: boolean;
  readonly transport: Transport;
  readonly streams: Streams;
}

/**
 * Writes the digests of the charts of `fleet/` into their files, all or none, or compares them. Charts of private sources
 * and others that no registry can be asked about keep a digest that they have.
 * @throws FindingsError when a comparison finds differences, CouldNotLookError when it could not ask a registry
 * @throws FleetError when a digest cannot be found, or a version was moved, without `replace`. Nothing is written then
 */
export async function lockCharts({ root, check, replace, transport, streams }: LockChartsArgs): Promise<void> {
  if (!existsSync(join(root, SEED_FOLDER))) {
    throw fleetError(SEED_FOLDER, "", "does not exist, so there is no chart to lock", "Run the command in a checkout");
  }
  const { compared, refused, notes, unknown } = await compareCharts(readFolder(root, SEED_FOLDER), transport);
  streams.out(compared.map(chartLine).join(""));
  // No registry can say whether these digests are right, and a person has written them.
  for (const note of notes) streams.out(`Not compared, with its digest: ${problemLine(note)}\n`);
  const differing = compared.filter(({ state }) => state !== "same");
  if (check) {
    if (differing.length + refused.length > 0) throw findings(streams, differing, [...refused, ...unknown]);
    if (unknown.length > 0) throw new CouldNotLookError(unknown);
    streams.out(
      `${count(compared)} in ${SEED_FOLDER}/${compared.length === 0 ? "" : " as its registry has it"}.\n${unenforced(compared)}`,
    );
    return;
  }
  const moved = compared.filter(({ state }) => state === "moved" && !replace).map(movedProblem);
  const problems = [...refused, ...unknown, ...moved];
  if (problems.length > 0) throw new FleetError(problems);
  const edits = new Edits(root);
  for (const { chart, digest } of differing) {
    edits.apply(chart.place.file, (text) => writeDigest(text, chart, digest));
  }
  writeAll(root, {}, edits.changes);
  const files = edits.changes.map(({ file }) => file);
  streams.out(files.length === 0 ? "Nothing to write.\n" : `Wrote ${files.join(", ")}. Review them: git diff fleet\n`);
  streams.out(unenforced(compared));
}

function chartLine({ chart, digest, state }: ComparedChart): string {
  const written = state === "same" ? "" : " (differs)";
  return `${chart.protocol}://${chart.location} ${chart.version} ${digest}${written}\n`;
}

function count(charts: readonly ComparedChart[]): string {
  if (charts.length === 0) return "No chart is";
  return charts.length === 1 ? "1 chart is" : `${charts.length} charts are each`;
}

function findings({ err }: Streams, differing: readonly ComparedChart[], others: readonly Problem[]): FindingsError {
  const differences = differing.map((one): Problem => {
    if (one.state === "moved") return movedProblem(one);
    const message = `${one.chart.id} ${one.difference}, and the registry has ${one.digest}`;
    return { ...one.chart.place, message, fix: "Run npx fleet lock charts" };
  });
  const { problems, message } = new FleetError([...differences, ...others]);
  err(`${message}\n`);
  return new FindingsError(`${problems.length} ${problems.length === 1 ? "finding" : "findings"} in ${SEED_FOLDER}/.`);
}

function movedProblem({ chart, digest, difference }: ComparedChart): Problem {
  const message = `${chart.id} ${difference}. The registry has ${digest} now`;
  const fix = "Find out who changed the version and when; only then run npx fleet lock charts --replace";
  return { ...chart.place, message, fix };
}

/** The charts whose digest Flux does not verify. */
function unenforced(compared: readonly ComparedChart[]): string {
  return compared
    .filter(({ chart }) => !chart.enforced)
    .map(
      ({ chart: { id, chart } }) =>
        `Flux does not verify the digest of ${id}: charts of a HelmRepository have none in its API. Only --check compares the annotation ${CHART_DIGEST_ANNOTATION} with the repository's index. Use an OCIRepository where upstream publishes ${chart} as one.\n`,
    )
    .join("");
}

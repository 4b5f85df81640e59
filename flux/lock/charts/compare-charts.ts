import type { Files } from "../../../config/platform/kustomize-build.js";
import { problemsOf } from "../../../lib/diagnostics/collect-problems.js";
import { fleetError, type Problem } from "../../../lib/diagnostics/problem.js";
import type { Transport } from "../../release/https.js";
import { chartManifest } from "../registry/chart-manifest.js";
import { type FleetChart, fleetCharts } from "./fleet-chart.js";
import { indexDigest } from "./index-digest.js";

/** A chart beside its registry. */
export interface ComparedChart {
  readonly chart: FleetChart;
  /** The digest that the registry has for the version now. */
  readonly digest: string;
  /**
   * `same`: the file has that digest. `open`: it has none, or that of another version. `moved`: the version had other bytes
   * when its digest was written.
   */
  readonly state: "same" | "open" | "moved";
  /** The difference in words. @default "" where there is none */
  readonly difference: string;
}

/** The charts of `fleet/` beside their registries. */
export interface ComparedCharts {
  readonly compared: readonly ComparedChart[];
  /** Charts that no registry was asked about: a range, a variable, a source with credentials. */
  readonly refused: readonly Problem[];
  /** The same with a digest that a person wrote. */
  readonly notes: readonly Problem[];
  /** Charts whose registry gave no digest. */
  readonly unknown: readonly Problem[];
}

/**
 * Compares each chart of `fleet/` with its registry. Nothing is written.
 * @throws FleetError for files that are no YAML
 */
export async function compareCharts(files: Files, transport: Transport): Promise<ComparedCharts> {
  const { charts, problems: refused, notes } = fleetCharts(files);
  const [compared, unknown]: [ComparedChart[], Problem[]] = [[], []];
  // One after the other, because of registries' rate limits.
  for (const chart of charts) {
    try {
      compared.push(await compareChart(chart, transport));
    } catch (error) {
      unknown.push(...problemsOf(error).map((problem) => namingChart(problem, chart)));
    }
  }
  return { compared, refused, notes, unknown };
}

/** A problem of a registry, at the line of the file that names it. */
function namingChart({ file, message, fix }: Problem, { place, id }: FleetChart): Problem {
  return { ...place, message: `${id}: ${file} ${message}`, fix };
}

async function compareChart(chart: FleetChart, transport: Transport): Promise<ComparedChart> {
  const { version, locked, protocol, location } = chart;
  const digest = await currentDigest(chart, transport);
  const compared = (state: ComparedChart["state"], difference: string) => ({ chart, digest, state, difference });
  if (locked === undefined) return compared("open", "names no digest");
  if (locked.digest === digest && (locked.version ?? version) === version) return compared("same", "");
  const former =
    locked.version ??
    (protocol === "oci" ? (await chartManifest(location, locked.digest, transport))?.version : version);
  if (former !== undefined && !isVersion(former, version)) return compared("open", `names the digest of ${former}`);
  return compared(
    "moved",
    `names ${locked.digest}: ${version} had other bytes when this was written, or it was mistyped`,
  );
}

/** @throws FleetError for a version that the registry does not have, and for an artifact that names another one */
async function currentDigest(chart: FleetChart, transport: Transport): Promise<string> {
  const { protocol, location, version, chart: name } = chart;
  const missing = () =>
    fleetError(
      location,
      "",
      `has no version ${version}${name === undefined ? "" : ` of ${name}`}`,
      "Correct the version",
    );
  if (protocol === "https") {
    const digest = await indexDigest(location, { chart: name ?? "", version }, transport);
    if (digest === undefined) throw missing();
    return digest;
  }
  // A tag has no plus sign, so Helm writes an underscore.
  const found = await chartManifest(location, version.replaceAll("+", "_"), transport);
  if (found === undefined) throw missing();
  if (found.version === undefined || isVersion(found.version, version)) return found.digest;
  const fix = "Find out who moved the tag, before you use either version";
  throw fleetError(location, "", `has the chart's version ${found.version} under the tag ${version}`, fix);
}

/** Whether a version is the one that a tag names. Some registries have a `v` before one of them. */
function isVersion(version: string, tag: string): boolean {
  const bare = (text: string) => text.replace(/^v/, "").replaceAll("+", "_");
  return bare(version) === bare(tag);
}

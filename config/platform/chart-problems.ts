import type { PlainObject } from "../../lib/data/merge.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import { valueAt } from "../files/location.js";
import { type AppliedChart, appliedCharts } from "./applied-charts.js";
import { CHART_DIGEST_ANNOTATION, DIGEST, parseChartDigest } from "./chart-lock.js";
import type { PlatformFilesArgs } from "./checks.js";
import { unpinnedField } from "./unpinned-field.js";

/** The command that writes digests. */
const LOCK = "npx fleet lock charts";

const digestPath = ["spec", "ref", "digest"];
const tagPath = ["spec", "ref", "tag"];
const annotationPath = ["metadata", "annotations", CHART_DIGEST_ANNOTATION];

/** The files of `fleet/` for one stack, and `fleet:chartDigests` of it. */
interface ChartProblemsArgs {
  readonly charts: PlatformFilesArgs;
  /** Whether each chart needs a digest. @default - an OCIRepository needs one if another one has it */
  readonly required: boolean;
}

/**
 * Problems of the charts that the platform's syncs apply on a stack's cluster: one that follows a range or a tag that
 * moves, one without a digest where the stack needs it, and digests that contradict. Where a stack has digests, also the
 * places that may decide on charts without being followed.
 */
export function chartProblems({ charts: args, required }: ChartProblemsArgs): Problem[] {
  const { charts, unfollowed } = appliedCharts(args);
  const unpinned = charts.flatMap(unpinnedProblems);
  if (unpinned.length > 0) return unpinned;
  const isLocked = required || charts.some((one) => hasDigest(one) || textIn(one.data, annotationPath) !== "");
  return [
    // Behind these places, a chart without a digest would pass in silence.
    ...(isLocked ? unfollowed : []),
    ...charts.flatMap((chart) => missingDigest(chart, charts, required)),
    ...charts.flatMap(patchedTag),
    ...contradictions(charts),
  ];
}

function unpinnedProblems(chart: AppliedChart): Problem[] {
  const field = unpinnedField(chart.data);
  if (field === undefined || !chart.isKnown(field)) return [];
  const [written, name] = [textIn(chart.data, field), field.at(-1)];
  const fix = `Write one exact version, then run ${LOCK}`;
  const follows = name === "digest" ? "has no digest, but" : `follows the ${name}`;
  const message = written === "" ? `${chart.id} names no ${name}` : `${chart.id} ${follows} ${JSON.stringify(written)}`;
  return [{ ...chart.placeOf(field), message, fix }];
}

function missingDigest(chart: AppliedChart, all: readonly AppliedChart[], required: boolean): Problem[] {
  if (chart.kind === "OCIRepository") {
    if (hasDigest(chart) || !(required || all.some(hasDigest))) return [];
    const reason = required ? "fleet:chartDigests demands one" : "other charts of this stack have one";
    const message = `${chart.id} names no digest, and ${reason}`;
    return [{ ...chart.placeOf(digestPath), path: "spec.ref.digest", message, fix: `Run ${LOCK}` }];
  }
  const version = textIn(chart.data, versionPath(chart));
  const written = textIn(chart.data, annotationPath);
  if (written === "" && !required) return [];
  const locked = parseChartDigest(written);
  if (locked?.version === version) return [];
  const message =
    locked === undefined
      ? `${chart.id} has no digest of its chart in the annotation ${CHART_DIGEST_ANNOTATION}`
      : `${chart.id} names the chart's version ${version}, and the digest of ${locked.version}`;
  return [{ ...chart.placeOf(written === "" ? versionPath(chart) : annotationPath), message, fix: `Run ${LOCK}` }];
}

/** A patch that sets the tag alone: Flux would go on to fetch the digest, of another version. */
function patchedTag(chart: AppliedChart): Problem[] {
  const tag = textIn(chart.data, tagPath);
  if (!hasDigest(chart) || tag === "" || chart.patchOf(tagPath) === chart.patchOf(digestPath)) return [];
  const message = `${chart.id} has the tag ${tag} and the digest from different places, of which Flux follows the digest alone`;
  const fix = `Write both in one patch: ${LOCK} does so in a file that patches names by its path`;
  return [{ ...chart.placeOf(chart.patchOf(tagPath) === undefined ? digestPath : tagPath), message, fix }];
}

/** One tag with two digests, and one digest with two tags. */
function contradictions(charts: readonly AppliedChart[]): Problem[] {
  const artifacts = charts.filter((chart) => hasDigest(chart) && textIn(chart.data, tagPath) !== "");
  return artifacts.flatMap((chart, index): Problem[] => {
    const [url, tag, digest] = identity(chart);
    const other = artifacts.slice(0, index).find((one) => {
      const [otherUrl, otherTag, otherDigest] = identity(one);
      return url === otherUrl && (tag === otherTag) !== (digest === otherDigest);
    });
    if (other === undefined) return [];
    const [, otherTag] = identity(other);
    const { file, line } = other.placeOf(digestPath);
    const place = line === undefined ? file : `${file}:${line}`;
    const message =
      tag === otherTag
        ? `${chart.id} has another digest for ${tag} than ${other.id} (${place})`
        : `${chart.id} has the digest of ${otherTag} for ${tag} (${other.id}, ${place})`;
    return [{ ...chart.placeOf(digestPath), message, fix: `Run ${LOCK} --check, which asks the registry` }];
  });
}

function identity({ data }: AppliedChart): readonly string[] {
  return [["spec", "url"], tagPath, digestPath].map((path) => textIn(data, path));
}

function hasDigest({ data }: AppliedChart): boolean {
  return DIGEST.test(textIn(data, digestPath));
}

function versionPath({ kind }: AppliedChart): readonly string[] {
  return kind === "HelmRelease" ? ["spec", "chart", "spec", "version"] : ["spec", "version"];
}

function textIn(data: PlainObject, path: Path): string {
  const value = valueAt(data, path);
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}

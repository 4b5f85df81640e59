import { isPlainObject, mergeOverlay, type PlainObject } from "../../lib/data/merge.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import { valueAt } from "../files/location.js";
import { type ObjectPatch, setsField } from "./chart-patches.js";
import type { PlatformFilesArgs } from "./checks.js";
import type { Place } from "./manifest-file.js";
import { type AppliedManifest, followPlatform, opaqueField } from "./platform-manifests.js";
import { substitute } from "./substitute.js";

/** An object that fetches a chart, or another artifact of a registry, as the cluster of a stack gets it. */
export interface AppliedChart {
  /** `OCIRepository cert-manager`. */
  readonly id: string;
  readonly kind: string;
  /** With patches, and with the values of variables. */
  readonly data: PlainObject;
  /** The place of a field: that of the last patch which sets it, or else its own. */
  placeOf(path: Path): Place;
  /** The last patch that sets or removes a field. @default - none: the object's own file does */
  patchOf(path: Path): ObjectPatch | undefined;
  /** Whether the text of a field is known. It is not where a variable in it has a value that only the cluster knows. */
  isKnown(path: Path): boolean;
}

/** The field that names the chart in each kind. A release without it names an OCIRepository or a HelmChart. */
const essential: Readonly<Record<string, readonly string[]>> = {
  OCIRepository: ["spec", "url"],
  HelmRelease: ["spec", "chart", "spec", "chart"],
  HelmChart: ["spec", "chart"],
};

/** The charts of a cluster, and the places that may decide on charts without being followed. */
interface AppliedCharts {
  readonly charts: readonly AppliedChart[];
  readonly unfollowed: readonly Problem[];
}

/** The charts that the platform's syncs apply on the cluster of a stack, as far as the files of `fleet/` tell. */
export function appliedCharts(args: PlatformFilesArgs): AppliedCharts {
  const { manifests, unfollowed } = followPlatform(args);
  const found = manifests.flatMap((manifest) => chartOf(manifest) ?? []);
  const all = [...unfollowed, ...found.flatMap((one) => one.unfollowed)];
  const once = new Map(all.map((problem) => [JSON.stringify(problem), problem]));
  return { charts: found.flatMap(({ chart }) => chart ?? []), unfollowed: [...once.values()] };
}

/** @returns chart - none where a patch removes it */
function chartOf(manifest: AppliedManifest): { chart?: AppliedChart; unfollowed: Problem[] } | undefined {
  const { data, values, placeOf, isPatch } = manifest;
  const [kind, name] = [String(data.kind), String(valueAt(data, ["metadata", "name"]))];
  const field = Object.hasOwn(essential, kind) ? essential[kind] : undefined;
  if (field === undefined || !/^(?:source|helm)\.toolkit\.fluxcd\.io\//.test(String(data.apiVersion))) return undefined;
  if (isPatch) return undefined;
  const patches = manifest.patches.filter((patch) => patch.matches(kind, name));
  if (patches.some(({ deletes, isUnclear }) => deletes && !isUnclear)) return { unfollowed: [] };
  const merged = patches.reduce(withPatch, data);
  if (typeof valueAt(merged, field) !== "string") return undefined;
  // A chart in a Git repository or a bucket has the version of its source.
  const source = valueAt(merged, ["spec", ...(kind === "HelmRelease" ? ["chart", "spec"] : []), "sourceRef", "kind"]);
  if (source === "GitRepository" || source === "Bucket") return undefined;
  const patchOf = (path: Path) => patches.findLast((patch) => setsField(patch, path));
  const placeIn = (path: Path) => patchOf(path)?.place ?? placeOf(path);
  const applied = withValues(merged, values);
  const isKnown = (path: Path) => !(manifest.hasUnknownValues && String(valueAt(applied, path)).includes("${"));
  const id = `${kind} ${name}`;
  const chart = { id, kind, data: applied, placeOf: placeIn, patchOf, isKnown };
  const unclear = patches.filter(({ isUnclear }) => isUnclear).map(({ place }) => unclearPatch(id, place));
  const hidden = opaqueField(manifest);
  return { chart, unfollowed: hidden === undefined ? unclear : [...unclear, hidden] };
}

function withPatch(object: PlainObject, { fields: patch, cleared }: ObjectPatch): PlainObject {
  const { kind: _kind, apiVersion: _version, metadata, ...fields } = patch;
  const { name: _name, ...rest } = isPlainObject(metadata) ? metadata : {};
  return mergeOverlay(mergeOverlay(object, cleared), { ...fields, metadata: rest });
}

function unclearPatch(id: string, place: Place): Problem {
  const message = `changes ${id} in a way that is not followed: by a copy, a directive, or labels of what it removes`;
  return { ...place, message, fix: "Write a patch that sets fields" };
}

function withValues(object: PlainObject, values: Readonly<Record<string, string>>): PlainObject {
  const entries = Object.entries(object).map(([key, value]) => {
    if (typeof value === "string") return [key, substitute(value, values)] as const;
    return [key, isPlainObject(value) ? withValues(value, values) : value] as const;
  });
  return Object.fromEntries(entries);
}

import { isPlainObject, mergeOverlay, type PlainObject } from "../../lib/data/merge.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import { valueAt } from "../files/location.js";
import { type ObjectPatch, patchesOf } from "./chart-patches.js";
import { type PlatformFilesArgs, platformManifests } from "./checks.js";
import type { Place } from "./manifest-file.js";
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
}

/** The field that names the chart in each kind. A release without it names an OCIRepository or a HelmChart. */
const essential: Readonly<Record<string, readonly string[]>> = {
  OCIRepository: ["spec", "url"],
  HelmRelease: ["spec", "chart", "spec", "chart"],
  HelmChart: ["spec", "chart"],
};

/** The charts that the platform's syncs apply on the cluster of a stack, as far as the files of `fleet/` tell. */
export function appliedCharts(args: PlatformFilesArgs): readonly AppliedChart[] {
  const manifests = platformManifests(args);
  const patchesIn = new Map<string, readonly ObjectPatch[]>();
  for (const manifest of manifests) {
    const own = patchesOf(args.files, manifest);
    // The patches of a folder come with its own kustomization, whose patches are the last to be applied.
    patchesIn.set(manifest.folder, [...own, ...(patchesIn.get(manifest.folder) ?? [])]);
  }
  return manifests.flatMap(({ data, folder, values, placeOf, isPatch }): AppliedChart[] => {
    const [kind, name] = [String(data.kind), String(valueAt(data, ["metadata", "name"]))];
    const field = Object.hasOwn(essential, kind) ? essential[kind] : undefined;
    if (field === undefined || !/^(?:source|helm)\.toolkit\.fluxcd\.io\//.test(String(data.apiVersion))) return [];
    if (isPatch || typeof valueAt(data, field) !== "string") return [];
    // A chart in a Git repository or a bucket has the version of its source.
    const source = valueAt(data, ["spec", ...(kind === "HelmRelease" ? ["chart", "spec"] : []), "sourceRef", "kind"]);
    if (source === "GitRepository" || source === "Bucket") return [];
    const patches = (patchesIn.get(folder) ?? []).filter((patch) => patch.matches(kind, name));
    const merged = patches.reduce((object, { fields: { kind: _kind, apiVersion: _version, metadata, ...fields } }) => {
      const { name: _name, ...rest } = isPlainObject(metadata) ? metadata : {};
      return mergeOverlay(object, { ...fields, metadata: rest });
    }, data);
    const patchOf = (path: Path) => patches.findLast(({ fields }) => sets(fields, path));
    const placeIn = (path: Path) => patchOf(path)?.place ?? placeOf(path);
    return [{ id: `${kind} ${name}`, kind, data: withValues(merged, values), placeOf: placeIn, patchOf }];
  });
}

/** Whether a patch sets or removes a field, or one around it. */
function sets(fields: PlainObject, path: Path): boolean {
  return path.some((_, index) => {
    const value = valueAt(fields, path.slice(0, index + 1));
    return value === null || (index === path.length - 1 && value !== undefined);
  });
}

function withValues(object: PlainObject, values: Readonly<Record<string, string>>): PlainObject {
  const entries = Object.entries(object).map(([key, value]) => {
    if (typeof value === "string") return [key, substitute(value, values)] as const;
    return [key, isPlainObject(value) ? withValues(value, values) : value] as const;
  });
  return Object.fromEntries(entries);
}

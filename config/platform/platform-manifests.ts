import { posix } from "node:path";
import type { PlainObject } from "../../lib/data/merge.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { valueAt } from "../files/location.js";
import { type ObjectPatch, patchesOf, setsField, syncPatches } from "./chart-patches.js";
import { clusterFolder, nestedSync, type PlatformFilesArgs } from "./checks.js";
import { type BuiltManifest, buildFolder, hasFolder } from "./kustomize-build.js";
import type { Manifest } from "./manifest-file.js";
import { hasUnknownValues, type Values, valuesOf } from "./sync-values.js";

/** A manifest that Flux applies, with the values that it puts in place of variables. */
export interface AppliedManifest extends BuiltManifest {
  /** Folder of the sync that applies it. */
  readonly folder: string;
  /** None where they are unknown. */
  readonly values: Values;
  /** Whether values may come from objects that fleet/ does not tell. */
  readonly hasUnknownValues: boolean;
  /** The patches of kustomizations and of the sync that it is below, in their order. */
  readonly patches: readonly ObjectPatch[];
}

/** The manifests of a cluster, and the places behind which there may be others. */
export interface PlatformManifests {
  readonly manifests: readonly AppliedManifest[];
  readonly unfollowed: readonly Problem[];
}

/** Fields of a sync that decide which objects it applies. */
const decisive = ["path", "sourceRef", "postBuild", "patches", "components"].map((field) => ["spec", field]);

/** Fields of a kustomization that change fields in a way that is not followed. */
const opaque = ["replacements", "transformers"];

/**
 * The manifests that Flux applies on the cluster of a stack, as far as the files of `fleet/` tell: those of the cluster's
 * folder, and of the folders that the platform's syncs in them lead to.
 */
export function platformManifests(args: PlatformFilesArgs): readonly AppliedManifest[] {
  return followPlatform(args).manifests.filter(({ isRepeated }) => !isRepeated);
}

/** As {@link platformManifests}, with those that a second kustomization takes in, and the syncs that cannot be followed. */
export function followPlatform(args: PlatformFilesArgs): PlatformManifests {
  const unfollowed: Problem[] = [];
  const seen = new Set<string>();
  const known = new Map<Manifest, readonly ObjectPatch[]>();
  const patchesBy = (kustomization: Manifest) => {
    const patches = known.get(kustomization) ?? patchesOf(args.files, kustomization);
    known.set(kustomization, patches);
    return patches;
  };
  /** @param sync that applies the folder. @default - Flux's own, which changes nothing */
  const below = (folder: string, values: Values | undefined, sync?: Manifest): AppliedManifest[] => {
    const key = JSON.stringify([folder, values, valueAt(sync?.data ?? {}, ["spec", "patches"])]);
    if (seen.has(key)) return [];
    seen.add(key);
    const unknown = sync === undefined ? args.variables === undefined : hasUnknownValues(sync.data, args.variables);
    return buildFolder(args.files, folder).all.flatMap((built) => {
      const patches = [...built.changedBy.flatMap(patchesBy), ...(sync === undefined ? [] : syncPatches(sync))];
      const manifest = { ...built, folder, values: values ?? {}, hasUnknownValues: unknown, patches };
      const next = nextFolder(manifest);
      if (typeof next === "object") unfollowed.push(next);
      const isThere = typeof next === "string" && hasFolder(args.files, next);
      return [manifest, ...(isThere ? below(next, valuesOf(built.data, args.variables), built) : [])];
    });
  };
  return { manifests: below(clusterFolder(args.stack), args.variables), unfollowed };
}

/** The folder that a sync applies, or the reason why it is unknown. Undefined for anything else. */
function nextFolder(manifest: AppliedManifest): string | Problem | undefined {
  const { data, values, patches, isPatch } = manifest;
  if (isPatch || data.kind !== "Kustomization" || !isFluxs(data)) return undefined;
  const name = String(valueAt(data, ["metadata", "name"]));
  const own = patches.filter((patch) => patch.matches("Kustomization", name));
  if (own.some(({ deletes, isUnclear }) => deletes && !isUnclear)) return undefined;
  const words = `so the charts that the sync ${name} applies are not checked`;
  const deciding = own.find((patch) => patch.isUnclear || decisive.some((path) => setsField(patch, path)));
  if (deciding !== undefined) {
    const fix = "Write path, sourceRef, postBuild and patches of the sync into its own file";
    return { ...deciding.place, message: `decides on the folder or the content of a sync, ${words}`, fix };
  }
  const hidden = opaqueField(manifest);
  if (hidden !== undefined) return hidden;
  const nested = nestedSync({ data, patched: false }, values);
  if (nested === undefined) return undefined;
  if (valueAt(data, ["spec", "components"]) !== undefined) {
    const fix = "Name the components in the kustomization of its folder";
    return { ...manifest.placeOf(["spec", "components"]), message: `changes what its folder has, ${words}`, fix };
  }
  const fix = "Write the folder out, or give the variable a value in fleet:variables";
  const unknown = `depends on a variable without a known value, ${words}`;
  return nested.folder ?? { ...manifest.placeOf(["spec", "path"]), message: unknown, fix };
}

function isFluxs({ apiVersion }: PlainObject): boolean {
  return String(apiVersion).startsWith("kustomize.toolkit.fluxcd.io/");
}

/** The place of a kustomization above an object that changes it in a way that is not followed. */
export function opaqueField({ changedBy }: AppliedManifest): Problem | undefined {
  const found = changedBy.flatMap((kustomization) =>
    opaque.filter((field) => kustomization.data[field] !== undefined).map((field) => ({ kustomization, field })),
  );
  const [first] = found;
  if (first === undefined) return undefined;
  const place = first.kustomization.placeOf([first.field]);
  const message = `may change versions and folders in ${posix.dirname(place.file)} and below, so the charts there are not checked`;
  return { ...place, message, fix: "Write patches in its place" };
}

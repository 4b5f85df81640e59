import { valueAt } from "../../config/files/location.js";
import { PLATFORM_SOURCE } from "../../config/names.js";
import { clusterFolder } from "../../config/platform/checks.js";
import { type Files, hasFolder } from "../../config/platform/kustomize-build.js";
import { unsafeReferences } from "../../config/platform/references.js";
import { folderOf, type Values, valuesOf } from "../../config/platform/sync-values.js";
import { isPlainObject, type PlainObject } from "../../lib/data/merge.js";
import type { problemLine } from "../../lib/diagnostics/problem.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { type BuiltObject, type Fault, objectId } from "../../review/platform/built-platform.js";
import { ROOT_SYNC } from "../../review/platform/dependencies.js";
import { buildFolderByKustomize } from "./build-folder.js";
import type { KustomizeProgram } from "./kustomize-program.js";
import { ObjectPlaces } from "./object-places.js";

/** The most folders of a stack that are built. Syncs could lead to each other without end. */
const mostFolders = 100;

/** The input of the build of a platform. */
export interface PlatformBuildArgs {
  /** Files of `fleet/` by path. */
  readonly files: Files;
  readonly stack: string;
  /** Values of the cluster's variables. */
  readonly variables: Values;
  readonly program: KustomizeProgram;
  /** Seconds after which no further folder is built. @default 120 */
  readonly mostSeconds?: number;
}

/** The objects that the platform's syncs apply, and the faults of the folders that kustomize does not build. */
export interface PlatformBuild {
  readonly objects: readonly BuiltObject[];
  readonly buildFaults: readonly Fault[];
}

/** A folder that a sync applies. */
interface SyncedFolder {
  readonly folder: string;
  readonly appliedBy: string;
  readonly spec: PlainObject;
  readonly values: Values | undefined;
}

/** Builds the folder that the cluster of a stack starts from, and those of the syncs in it, as Flux does. */
export async function buildPlatform(args: PlatformBuildArgs): Promise<PlatformBuild> {
  const { files, stack, variables, program, mostSeconds = 120 } = args;
  const end = performance.now() + mostSeconds * 1000;
  const unsafe = unsafeReferences(files);
  // Kustomize must not see such a file.
  if (unsafe.length > 0) return { objects: [], buildFaults: unsafe.map(asFault) };
  const places = new ObjectPlaces(files);
  const [objects, buildFaults]: [BuiltObject[], Fault[]] = [[], []];
  const folders: SyncedFolder[] = [{ folder: clusterFolder(stack), appliedBy: ROOT_SYNC, spec: {}, values: variables }];
  const known = new Set<string>();
  for (const { folder, appliedBy, spec, values } of folders) {
    const key = JSON.stringify([folder, spec, values]);
    if (known.has(key)) continue;
    known.add(key);
    if (known.size > mostFolders) {
      const message = `the syncs of ${stack} apply more than ${mostFolders} folders, of which the first are built`;
      buildFaults.push({ resource: folder, place: { file: folder, path: "" }, message });
      break;
    }
    if (performance.now() >= end) {
      const message = `the build of all folders of ${stack} takes more than ${mostSeconds} s, and ${folder} is not built`;
      buildFaults.push({ resource: folder, place: { file: folder, path: "" }, message });
      break;
    }
    const built = await buildFolderByKustomize({ files, folder, spec, values, program });
    if ("message" in built) {
      buildFaults.push({
        resource: folder,
        place: built.place,
        message: `${folder} cannot be built: ${built.message}`,
      });
      continue;
    }
    for (const one of built.objects) {
      const object: BuiltObject = { folder, appliedBy, ...places.locate(one, folder) };
      objects.push(object);
      const next = nestedFolder(args, object);
      if (next !== undefined && "folder" in next) folders.push(next);
      else if (next !== undefined) buildFaults.push(next);
    }
  }
  return { objects, buildFaults };
}

/** The folder that a sync of the platform applies, or why it applies none. Undefined for anything else. */
function nestedFolder({ files, variables }: PlatformBuildArgs, object: BuiltObject): SyncedFolder | Fault | undefined {
  const data = object.data;
  if (!isPlainObject(data) || !isSyncOfPlatform(data)) return undefined;
  const [written, spec] = [valueAt(data, ["spec", "path"]) ?? "./", data.spec];
  const folder = folderOf(String(written), {});
  if (folder !== undefined && hasFolder(files, folder)) {
    return {
      folder,
      appliedBy: objectId(object),
      spec: isPlainObject(spec) ? spec : {},
      values: valuesOf(data, variables),
    };
  }
  const message = `${objectId(object)} applies ${JSON.stringify(written)}, which fleet/ does not have`;
  return { resource: objectId(object), place: object.placeOf(["spec", "path"]), message };
}

function isSyncOfPlatform(data: PlainObject): boolean {
  return (
    data.kind === "Kustomization" &&
    String(data.apiVersion).startsWith("kustomize.toolkit.fluxcd.io/") &&
    valueAt(data, ["spec", "sourceRef", "kind"]) === "GitRepository" &&
    valueAt(data, ["spec", "sourceRef", "name"]) === PLATFORM_SOURCE &&
    (valueAt(data, ["spec", "sourceRef", "namespace"]) ?? valueAt(data, ["metadata", "namespace"])) === FLUX_NAMESPACE
  );
}

function asFault({ file, line, path, message, fix }: Parameters<typeof problemLine>[0]): Fault {
  const remedy = fix === undefined ? "" : `. ${fix}`;
  return { resource: file, place: { file, line, path }, message: `${message}${remedy}` };
}

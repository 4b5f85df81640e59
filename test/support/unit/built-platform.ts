import { readManifests } from "../../../config/platform/manifest-file.js";
import type { BuiltObject, BuiltPlatform } from "../../../review/platform/built-platform.js";
import { ROOT_SYNC } from "../../../review/platform/dependencies.js";

/** Folder that the root sync of the made-up stack applies. */
export const clusterRoot = "fleet/clusters/staging";

/** A made-up platform with these faults. @default none */
export type PlatformFaults = Partial<Pick<BuiltPlatform, "buildFaults" | "schemaFaults">>;

/**
 * A made-up platform of these files, as if kustomize had taken each as it is.
 * @param appliedBy the sync of each folder @default the root sync
 */
export function builtPlatform(
  files: Readonly<Record<string, string>>,
  { appliedBy = {}, ...faults }: PlatformFaults & { readonly appliedBy?: Readonly<Record<string, string>> } = {},
): BuiltPlatform {
  const objects = Object.entries(files).flatMap(([file, text]) => {
    const folder = file.slice(0, file.lastIndexOf("/"));
    const { manifests } = readManifests(file, text);
    return manifests.map(({ data, placeOf }): BuiltObject => {
      return { data, placeOf, folder, appliedBy: appliedBy[folder] ?? ROOT_SYNC };
    });
  });
  return {
    stack: "staging",
    root: clusterRoot,
    tenantNamespaces: new Set(["team-search"]),
    buildFaults: [],
    schemaFaults: [],
    ...faults,
    files,
    objects,
  };
}

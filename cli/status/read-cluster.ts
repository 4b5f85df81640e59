import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { FLUX_NAMESPACE, MANAGED_BY, MANAGED_BY_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import type { ObservedCluster, ObservedKind } from "../../operate/status/observed-cluster.js";
import type { Sender } from "../cluster/api-client.js";
import { type ReadListArgs, readList } from "../cluster/read-list.js";

const own = `${MANAGED_BY_LABEL}=${MANAGED_BY}`;
const kindOf = (group: string, kind: string, version = "v1") => ({ group, version, kind });

/** The lists of a status: one request for each 500 objects. */
const lists: Readonly<Record<ObservedKind, ReadListArgs>> = {
  deployments: { ...kindOf("apps", "Deployment"), namespace: FLUX_NAMESPACE },
  gitRepositories: kindOf("source.toolkit.fluxcd.io", "GitRepository"),
  kustomizations: kindOf("kustomize.toolkit.fluxcd.io", "Kustomization"),
  helmReleases: kindOf("helm.toolkit.fluxcd.io", "HelmRelease", "v2"),
  quotas: { ...kindOf("core", "ResourceQuota"), label: own },
  // The metadata tell when a key was written. Its value would be no business of this command.
  secrets: { ...kindOf("core", "Secret"), label: own, metadataOnly: true },
};

/** Reads the objects of a status. */
export async function readStatusObjects(client: Sender): Promise<ObservedCluster> {
  const objects: Partial<Record<ObservedKind, readonly LiveObject[]>> = {};
  const unread: Partial<Record<ObservedKind, string>> = {};
  const kinds = Object.entries(lists) as [ObservedKind, ReadListArgs][];
  const read = kinds.map(async ([kind, list]) => {
    const found = await readList(client, list);
    if ("problem" in found) unread[kind] = found.problem;
    else objects[kind] = found.items;
  });
  await Promise.all(read);
  return { objects, unread };
}

import { type AuditedCluster, auditedKinds, objectsOf, placeOf } from "./audited-cluster.js";
import { type AuditFinding, auditFinding, fluxOwner } from "./finding.js";
import { deletion, kubectlObject } from "./patch.js";

/**
 * Objects whose labels name a Kustomization or HelmRelease that does not exist. Where the owners could not be read, no
 * object counts.
 */
export function judgeOwners(cluster: AuditedCluster): AuditFinding[] {
  const owners = (["Kustomization", "HelmRelease"] as const).map((kind) => {
    const places = cluster[kind]?.map(({ metadata }) => placeOf(metadata));
    return [kind as string, places && new Set(places)] as const;
  });
  const known = new Map(owners);
  return objectsOf(cluster, ...auditedKinds).flatMap((one) => {
    const owner = fluxOwner(one.object.metadata.labels);
    const places = owner && known.get(owner.kind);
    if (owner === undefined || places === undefined || places.has(placeOf(owner))) return [];
    const detail = `${owner.kind} ${placeOf(owner)} does not exist, unless a Flux of another cluster applies the object`;
    // The deletion of a namespace would delete all that is in it, also objects of other owners.
    const group = owner.kind === "Kustomization" ? "kustomize" : "helm";
    const labels = ["name", "namespace"].map((part) => `${group}.toolkit.fluxcd.io/${part}-`).join(" ");
    const fix = one.kind === "Namespace" ? `kubectl label ${kubectlObject(one)} ${labels}` : deletion(one);
    return [auditFinding("object-orphaned", one, { severity: "low", detail, fix })];
  });
}

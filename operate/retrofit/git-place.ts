import { stringify } from "yaml";
import { z } from "zod";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import type { AuditedCluster, AuditedObject } from "../audit/audited-cluster.js";
import { auditedTypes, placeOf } from "../audit/audited-cluster.js";
import { fluxOwner } from "../audit/finding.js";
import type { PatchOperation } from "../audit/patch.js";
import { findObject } from "./facts.js";
import { inventoryOf } from "./inventory.js";
import type { GitPlace } from "./step.js";

const owner = z.object({
  spec: z.object({
    path: z.string().default("./"),
    sourceRef: z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() }).optional(),
  }),
});
const sourceKinds = ["GitRepository", "OCIRepository", "Bucket"] as const;

/**
 * The files that declare an object, if a Kustomization or HelmRelease of the cluster applies it. It reverts what others
 * change. The labels of an object name its owner, and each tenant can write them: an owner whose inventory lacks the object
 * does not apply it.
 * @param patch the element of `patches` that makes the change
 */
export function gitPlace(cluster: AuditedCluster, one: AuditedObject, patch: string): GitPlace | undefined {
  const found = fluxOwner(one.object.metadata.labels);
  const applier = found && findObject(cluster, found.kind, found);
  if (found === undefined || applier === undefined || isInInventory(applier, one) === false) return undefined;
  const place = { owner: `${found.kind} ${placeOf(found)}`, patch };
  if (found.kind === "HelmRelease") return { ...place, source: "the chart of the release", path: "" };
  const { path, sourceRef } = owner.parse(applier).spec;
  if (sourceRef === undefined) return { ...place, source: "an unknown source", path };
  const source = { name: sourceRef.name, namespace: sourceRef.namespace ?? found.namespace };
  const kind = sourceKinds.find((known) => known === sourceRef.kind);
  const url = kind && urlOf(findObject(cluster, kind, source));
  return { ...place, source: `${sourceRef.kind} ${placeOf(source)}`, path, ...(url !== undefined && { url }) };
}

/**
 * Whether the inventory of a sync has an object. Undefined for a sync without an inventory: a HelmRelease of an older
 * controller, or a Kustomization that has applied nothing yet.
 */
export function isInInventory(sync: LiveObject, { kind, object: { metadata } }: AuditedObject): boolean | undefined {
  const group = auditedTypes[kind].group.replace(/^core$/, "");
  return inventoryOf(sync)?.some((entry) => {
    const isKind = entry.kind === kind && entry.group === group;
    return isKind && entry.name === metadata.name && entry.namespace === metadata.namespace;
  });
}

function urlOf(source: LiveObject | undefined): string | undefined {
  const { url } = (source?.spec ?? {}) as { readonly url?: string };
  return url;
}

/** An element of `patches` that changes single fields. */
export function fieldPatch(one: AuditedObject, operations: readonly PatchOperation[]): string {
  const { name, namespace } = one.object.metadata;
  const { group } = auditedTypes[one.kind];
  const target = { ...(group !== "core" && { group }), kind: one.kind, name, ...(namespace && { namespace }) };
  return stringify([{ target, patch: stringify(operations, { lineWidth: 0 }) }], { lineWidth: 0 });
}

/** An element of `patches` that leaves an object out. */
export function deletionPatch(one: AuditedObject): string {
  const { name, namespace } = one.object.metadata;
  const { group, versions } = auditedTypes[one.kind];
  const object = {
    $patch: "delete",
    apiVersion: `${group}/${versions[0]}`,
    kind: one.kind,
    metadata: { name, ...(namespace && { namespace }) },
  };
  return stringify([{ patch: stringify(object, { lineWidth: 0 }) }], { lineWidth: 0 });
}

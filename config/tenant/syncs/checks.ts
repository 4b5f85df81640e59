import type { Problem } from "../../../lib/diagnostics/problem.js";
import { type DeclaredTenant, having, problemAt, type TenantCheck, unknownName } from "../declared-tenant.js";
import { type PlacedPart, placedParts } from "../parts.js";
import type { TenantSpec } from "../schema.js";

type PlacedSync = PlacedPart<TenantSpec["syncs"][number]>;

/** The problems between a tenant's syncs, and between them and its repositories and namespaces. */
export const syncProblems: TenantCheck = (tenants) =>
  having(tenants, "repository", "repositories", "namespace", "namespaces", "sync", "syncs").flatMap((tenant) => {
    const syncs = placedParts("sync", tenant.spec.syncs);
    return [
      ...unknownParts(tenant, syncs, "repository", tenant.spec.repositories),
      ...unknownParts(tenant, syncs, "namespace", tenant.spec.namespaces),
      ...syncs.flatMap((sync) => dependencyProblems(tenant, sync, syncs)),
      ...syncs.flatMap((sync) => signatureProblems(tenant, sync)),
      ...takenNames(tenant, syncs),
      ...doubles(tenant, syncs),
      ...circles(tenant, syncs),
    ];
  });

function unknownParts(
  tenant: DeclaredTenant,
  syncs: readonly PlacedSync[],
  kind: "repository" | "namespace",
  parts: readonly { readonly name: string }[],
): Problem[] {
  const fault = { known: parts.map(({ name }) => name), message: `is no ${kind} of the tenant ${tenant.name}` };
  return syncs.flatMap((sync) => unknownName(tenant, [...sync.place, kind], sync[kind], fault));
}

function takenNames(tenant: DeclaredTenant, [primary, ...additional]: readonly PlacedSync[]): Problem[] {
  return additional
    .filter(({ name }) => name === primary?.name)
    .map(({ name, place }) => {
      const message = `${JSON.stringify(name)} is the name of the tenant's primary sync`;
      return problemAt(tenant, place, message, "Choose another name, or set it under sync");
    });
}

function dependencyProblems(tenant: DeclaredTenant, sync: PlacedSync, syncs: readonly PlacedSync[]): Problem[] {
  const known = syncs.map(({ name }) => name).filter((name) => name !== sync.name);
  const message = `is no sync of the tenant ${tenant.name}`;
  const unknown = { known, message, otherwise: "Name another sync of this tenant" };
  return sync.dependsOn.flatMap((name, index) => {
    const place = [...sync.place, "dependsOn", index];
    const other = syncs.find((one) => one.name === name);
    if (other === undefined) return unknownName(tenant, place, name, unknown);
    if (other.namespace === sync.namespace) return [];
    const elsewhere = `${name} is in the namespace ${other.namespace}, and a sync may depend on those of its own only`;
    return [problemAt(tenant, place, elsewhere, "Remove it, or apply both in one namespace")];
  });
}

/** source-controller verifies the tag that it was told to follow, and stalls without one. */
function signatureProblems(tenant: DeclaredTenant, { verify, ref, place }: PlacedSync): Problem[] {
  if (verify === undefined || verify.mode === "HEAD" || ref.tag !== undefined || ref.semver !== undefined) return [];
  const message = `is ${verify.mode}, and the sync follows no tag whose signature Flux could verify`;
  const fix = "Name tags in ref by tag or semver, or write HEAD for the signature of the commit";
  return [problemAt(tenant, [...place, "verify", "mode"], message, fix)];
}

/**
 * Two syncs of one folder to one namespace would undo each other's changes for ever, and so would one of a folder within
 * another's: a folder without kustomization.yaml has everything below it.
 */
function doubles(tenant: DeclaredTenant, syncs: readonly PlacedSync[]): Problem[] {
  const isWithin = (outer: PlacedSync, inner: PlacedSync) =>
    outer.repository === inner.repository &&
    outer.namespace === inner.namespace &&
    folderOf(inner).startsWith(folderOf(outer));
  return syncs.flatMap((sync, index) => {
    const earlier = syncs.slice(0, index);
    const other = earlier.find((one) => isWithin(one, sync) || isWithin(sync, one));
    if (other === undefined) return [];
    const { repository, namespace, path, place } = sync;
    const same = `${path} of ${repository} is applied to ${namespace} by the sync ${other.name} already`;
    const within = `${path} of ${repository} and ${other.path} of the sync ${other.name} overlap, and both are applied to ${namespace}`;
    const message = folderOf(sync) === folderOf(other) ? same : within;
    return [
      problemAt(tenant, [...place, "path"], message, "Give each sync a folder of its own, and none within another's"),
    ];
  });
}

function folderOf({ path }: PlacedSync): string {
  return path.endsWith("/") ? path : `${path}/`;
}

/** Syncs that wait for each other never run. */
function circles(tenant: DeclaredTenant, syncs: readonly PlacedSync[]): Problem[] {
  const dependencies = new Map(syncs.map(({ name, dependsOn }) => [name, dependsOn]));
  const reached = (from: string, seen = new Set<string>()): Set<string> => {
    const unseen = (dependencies.get(from) ?? []).filter((next) => !seen.has(next));
    for (const next of unseen) reached(next, seen.add(next));
    return seen;
  };
  return syncs
    .filter(({ name }) => reached(name).has(name))
    .map(({ name, place }) =>
      problemAt(tenant, [...place, "dependsOn"], `${name} waits for itself in the end`, "Break the circle"),
    );
}

import { isDeepStrictEqual } from "node:util";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { type DeclaredTenant, having, problemAt, type TenantCheck } from "../declared-tenant.js";
import { placedParts, resourcesOf } from "../parts.js";

type Tenant = DeclaredTenant<"name" | "repository" | "repositories" | "namespace" | "namespaces" | "sync" | "syncs">;

/**
 * The freezes that not all syncs of a source share. A freeze suspends the source, so it would freeze the others as well, and
 * their files would not say it.
 */
export const freezeProblems: TenantCheck = (tenants) =>
  having(tenants, "name", "repository", "repositories", "namespace", "namespaces", "sync", "syncs").flatMap(ofTenant);

function ofTenant(tenant: Tenant): Problem[] {
  const parts = resourcesOf(tenant.spec).syncs;
  const syncs = placedParts("sync", tenant.spec.syncs).map((sync, index) => ({
    ...sync,
    source: parts[index]?.source,
  }));
  return syncs.flatMap((sync): Problem[] => {
    const { name, namespace, freeze, source, place } = sync;
    if (freeze === undefined) return [];
    const other = syncs.find((one) => {
      const isShared = one.namespace === namespace && one.source === source;
      return isShared && !isDeepStrictEqual(one.freeze, freeze);
    });
    if (other === undefined) return [];
    const otherwise = other.freeze === undefined ? "is not frozen" : "has another freeze";
    const message = `${name} has the source ${source} in common with ${other.name}, which ${otherwise}. Flux fetches a source for all of its syncs`;
    const fix = `Write the same freeze into ${[...other.place, "freeze"].join(".")}, or remove both`;
    return [problemAt(tenant, [...place, "freeze"], message, fix)];
  });
}

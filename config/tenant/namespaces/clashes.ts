import { didYouMean, nearMatches } from "../../../lib/diagnostics/near-match.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { declares, definingFile, locationOf } from "../../files/location.js";
import { tenantNamespace } from "../../rules/names.js";
import { type DeclaredTenant, having, type ParsedTenant } from "../declared-tenant.js";
import { partNamePlace } from "../part-place.js";

/** A tenant of which all namespaces are known. */
export type WithNamespaces = DeclaredTenant<"namespace" | "namespaces">;

/** A namespace that a tenant's files give it. */
export interface NamedNamespace {
  readonly name: string;
  /** Where it is in the tenant. */
  readonly place: readonly string[];
}

/** The namespaces of a tenant, each with its place in the tenant's files. */
export function namespacesOf({ spec }: WithNamespaces): NamedNamespace[] {
  return spec.namespaces.map(({ name }, index) => ({ name, place: partNamePlace("namespace", index, name) }));
}

/** Namespaces that two tenants would have, or that no tenant can have. */
export function namespaceClashes(tenants: readonly ParsedTenant[]): Problem[] {
  const takenBy = new Map<string, WithNamespaces>();
  return having(tenants, "namespace", "namespaces").flatMap((tenant) =>
    namespacesOf(tenant).flatMap((namespace) => {
      const where = locationOf(definingFile(tenant, namespace.place), namespace.place);
      const derived = derivedName(tenant, namespace);
      if (derived) return [{ ...where, ...derived }];
      const other = takenBy.get(namespace.name);
      if (!other) {
        takenBy.set(namespace.name, tenant);
        return [];
      }
      const message = `${JSON.stringify(namespace.name)} is the namespace of ${other.name} (${other.base.file}) already`;
      return [{ ...where, message, fix: "Give each tenant a namespace of its own" }];
    }),
  );
}

/** A name that is written down has been checked where it is written; one that follows from the tenant's has not. */
function derivedName(
  tenant: WithNamespaces,
  { name, place }: NamedNamespace,
): Pick<Problem, "message" | "fix"> | undefined {
  if (declares(definingFile(tenant, place), place)) return undefined;
  const violation = tenantNamespace.check(name);
  return (
    violation && {
      message: `the tenant's name is also its namespace's, and ${JSON.stringify(name)} ${violation.message}`,
      fix: "Set namespace.name to another name",
    }
  );
}

/** Entries of a section that name a namespace which is not the tenant's. */
export function foreignNamespaces(
  tenant: WithNamespaces,
  section: string,
  entries: Readonly<Record<string, { readonly namespace: string }>>,
): Problem[] {
  const names = namespacesOf(tenant).map(({ name }) => name);
  return Object.entries(entries).flatMap(([entry, { namespace }]) => {
    if (names.includes(namespace)) return [];
    const place = [section, entry, "namespace"];
    const message = `${JSON.stringify(namespace)} is no namespace of the tenant ${tenant.name}`;
    const fix = didYouMean(nearMatches(namespace, names), `Name one of: ${names.join(", ")}`);
    return [{ ...locationOf(definingFile(tenant, place), place), message, fix }];
  });
}

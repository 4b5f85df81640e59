import { type DeclaredTenant, having, otherName, problemAt, type TenantCheck } from "../declared-tenant.js";
import { placedParts } from "../parts.js";

/** Only the platform offers an ingress: one that a tenant lets in by itself could be anybody's. */
export const ingressProblems: TenantCheck = (tenants, { settings, stack }) => {
  const { ingressNamespaces: known } = settings.sound;
  if (known === undefined) return [];
  const owners = ownersOf(having(tenants, "namespace", "namespaces"));
  return tenants.flatMap((tenant) =>
    tenant.sections.network.ingress.flatMap(({ namespace }, index) => {
      if (known.includes(namespace)) return [];
      const fault = ownedFault(tenant.name, owners.get(namespace)) ?? {
        message: `is not in fleet:ingressNamespaces of Pulumi.${stack}.yaml, which lists ${known.join(", ") || "none"}`,
        fix: otherName(namespace, known, unlistedFix(known)),
      };
      const message = `${JSON.stringify(namespace)} ${fault.message}`;
      return [problemAt(tenant, ["network", "ingress", index, "namespace"], message, fault.fix)];
    }),
  );
};

function unlistedFix(known: readonly string[]): string {
  const ask = "have the platform team list it";
  return known.length === 0 ? `Remove it, or ${ask}` : `Name one of: ${known.join(", ")}; or ${ask}`;
}

/** The tenant of each namespace that is a tenant's. */
function ownersOf(tenants: readonly DeclaredTenant<"namespace" | "namespaces">[]): ReadonlyMap<string, string> {
  return new Map(tenants.flatMap(({ name: owner, spec }) => spec.namespaces.map(({ name }) => [name, owner] as const)));
}

function ownedFault(tenant: string, owner: string | undefined) {
  if (owner === undefined) return undefined;
  if (owner === tenant) return { message: "is the tenant's own, whose pods reach each other anyway", fix: "Remove it" };
  const message = `is a namespace of the tenant ${owner}, and network.ingress is for those of the platform`;
  return { message, fix: `Write exports with ${owner} in to, and have ${owner} write imports` };
}

/** A namespace that every tenant may let in must not be a tenant's. */
export const ingressNamespaceProblems: TenantCheck = (tenants, { settings, stack }) =>
  having(tenants, "namespace", "namespaces").flatMap((tenant) =>
    placedParts("namespace", tenant.spec.namespaces)
      .filter(({ name }) => settings.sound.ingressNamespaces?.includes(name))
      .map(({ name, namePlace }) => {
        const message = `${JSON.stringify(name)} is the platform's: fleet:ingressNamespaces of Pulumi.${stack}.yaml lists it`;
        return problemAt(tenant, namePlace, message, "Choose another namespace, or take it out of that list");
      }),
  );

import { didYouMean, nearMatches } from "../../../lib/diagnostics/near-match.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { definingFile, locationOf } from "../../files/location.js";
import { having, type ParsedTenant } from "../declared-tenant.js";
import { namespacesOf } from "../namespaces/clashes.js";
import type { TenantsArgs } from "../read-tenants.js";

/** The problems between the network rules of a tenant and the stack. */
export function networkProblems(tenants: readonly ParsedTenant[], args: TenantsArgs): Problem[] {
  return [...ingressProblems(tenants, args), ...ownNamespaceProblems(tenants, args)];
}

/** Only the platform offers an ingress: one that a tenant lets in by itself could be anybody's. */
function ingressProblems(tenants: readonly ParsedTenant[], { settings, stack }: TenantsArgs): Problem[] {
  const { ingressNamespaces } = settings.sound;
  if (ingressNamespaces === undefined) return [];
  const listed = ingressNamespaces.length === 0 ? "which lists none" : `which lists ${ingressNamespaces.join(", ")}`;
  return tenants.flatMap((tenant) => {
    const file = definingFile(tenant, ["network", "ingress"]);
    return tenant.sections.network.ingress.flatMap(({ namespace }, index) => {
      if (ingressNamespaces.includes(namespace)) return [];
      const message = `${JSON.stringify(namespace)} is not in fleet:ingressNamespaces of Pulumi.${stack}.yaml, ${listed}`;
      const otherwise = "Name one that is listed; for another tenant, write exports";
      const fix = didYouMean(nearMatches(namespace, ingressNamespaces), otherwise);
      return [{ ...locationOf(file, ["network", "ingress", index, "namespace"]), message, fix }];
    });
  });
}

/** A namespace that every tenant may let in must not be a tenant's. */
function ownNamespaceProblems(tenants: readonly ParsedTenant[], { settings, stack }: TenantsArgs): Problem[] {
  const { ingressNamespaces = [] } = settings.sound;
  return having(tenants, "namespace", "namespaces").flatMap((tenant) =>
    namespacesOf(tenant)
      .filter(({ name }) => ingressNamespaces.includes(name))
      .map(({ name, place }) => ({
        ...locationOf(definingFile(tenant, place), place),
        message: `${JSON.stringify(name)} is the platform's: fleet:ingressNamespaces of Pulumi.${stack}.yaml lists it`,
        fix: "Choose another namespace, or take it out of that list",
      })),
  );
}

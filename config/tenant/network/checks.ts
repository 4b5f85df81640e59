import { having, problemAt, type TenantCheck, unknownName } from "../declared-tenant.js";
import { placedParts } from "../parts.js";

/** Only the platform offers an ingress: one that a tenant lets in by itself could be anybody's. */
export const ingressProblems: TenantCheck = (tenants, { settings, stack }) => {
  const { ingressNamespaces: known } = settings.sound;
  if (known === undefined) return [];
  const message = `is not in fleet:ingressNamespaces of Pulumi.${stack}.yaml, which lists ${known.join(", ") || "none"}`;
  const otherwise = "Name one that is listed; for another tenant, write exports";
  return tenants.flatMap((tenant) =>
    tenant.sections.network.ingress.flatMap(({ namespace }, index) =>
      unknownName(tenant, ["network", "ingress", index, "namespace"], namespace, { known, message, otherwise }),
    ),
  );
};

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

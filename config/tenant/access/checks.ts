import { type TenantCheck, unknownName } from "../declared-tenant.js";

/** Roles that the stack does not list. The platform decides which ones tenants may name: no file shows what is in one. */
export const accessProblems: TenantCheck = (tenants, { settings, stack }) => {
  const { allowedRoles: known } = settings.sound;
  if (known === undefined) return [];
  const message = `is not in fleet:allowedRoles of Pulumi.${stack}.yaml, which lists ${known.join(", ") || "none"}`;
  const otherwise = "Name one that is listed, or have the platform team list it";
  return tenants.flatMap((tenant) =>
    Object.keys(tenant.sections.access.roles).flatMap((role) =>
      unknownName(tenant, ["access", "roles", role], role, { known, message, otherwise }),
    ),
  );
};

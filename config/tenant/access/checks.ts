import { didYouMean, nearMatches } from "../../../lib/diagnostics/near-match.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { definingFile, locationOf } from "../../files/location.js";
import type { ParsedTenant } from "../declared-tenant.js";
import type { TenantsArgs } from "../read-tenants.js";

/** Roles that the stack does not list. The platform decides which ones tenants may name: no file shows what is in one. */
export function accessProblems(tenants: readonly ParsedTenant[], { settings, stack }: TenantsArgs): Problem[] {
  const { allowedRoles } = settings.sound;
  if (allowedRoles === undefined) return [];
  const listed = allowedRoles.length === 0 ? "which lists none" : `which lists ${allowedRoles.join(", ")}`;
  return tenants.flatMap((tenant) =>
    Object.keys(tenant.sections.access.roles)
      .filter((role) => !allowedRoles.includes(role))
      .map((role) => {
        const place = ["access", "roles", role];
        return {
          ...locationOf(definingFile(tenant, place), place),
          message: `${JSON.stringify(role)} is not in fleet:allowedRoles of Pulumi.${stack}.yaml, ${listed}`,
          fix: didYouMean(
            nearMatches(role, allowedRoles),
            "Name one that is listed, or have the platform team list it",
          ),
        };
      }),
  );
}

import type { Problem } from "../../../lib/diagnostics/problem.js";
import { definingFile, locationOf } from "../../files/location.js";
import { having, type ParsedTenant } from "../declared-tenant.js";
import type { TenantsArgs } from "../read-tenants.js";

/** Tenants that ask for an addon that the stack's infrastructure does not have. */
export function addonProblems(tenants: readonly ParsedTenant[], { settings, stack }: TenantsArgs): Problem[] {
  const { offers: addons } = settings.sound;
  if (addons === undefined || addons.includes("flagger")) return [];
  const place = ["progressiveDelivery"];
  return having(tenants, "progressiveDelivery")
    .filter(({ spec }) => spec.progressiveDelivery)
    .map((tenant) => ({
      ...locationOf(definingFile(tenant, place), place),
      message: `is for stacks that have Flagger, and fleet:offers of Pulumi.${stack}.yaml does not list it`,
      fix: "Write false in the overlay, or have the platform team install Flagger and list it",
    }));
}

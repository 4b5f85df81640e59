import type { Problem } from "../../../lib/diagnostics/problem.js";
import { definingFile, locationOf } from "../../files/location.js";
import { having, type ParsedTenant } from "../declared-tenant.js";
import type { TenantsArgs } from "../read-tenants.js";

/** Tenants with webhooks on a stack that GitHub cannot reach. */
export function webhookProblems(tenants: readonly ParsedTenant[], { settings, stack }: TenantsArgs): Problem[] {
  if (settings.sound.webhookUrl !== undefined || settings.broken.has("webhookUrl")) return [];
  return having(tenants, "webhook")
    .filter(({ spec }) => spec.webhook)
    .map((tenant) => ({
      ...locationOf(definingFile(tenant, ["webhook"]), ["webhook"]),
      message: `needs an address at which GitHub reaches this cluster, and Pulumi.${stack}.yaml has no fleet:webhookUrl`,
      fix: `Set it to the host of notification-controller's webhook-receiver, or write webhook: false in stacks/${stack}/tenants/${tenant.name}.yaml`,
    }));
}

import { having, problemAt, type TenantCheck } from "../declared-tenant.js";

/** Tenants with webhooks on a stack that GitHub cannot reach. */
export const webhookProblems: TenantCheck = (tenants, { settings, stack }) => {
  if (settings.sound.webhookUrl !== undefined || settings.broken.has("webhookUrl")) return [];
  const message = `needs an address at which GitHub reaches this cluster, and Pulumi.${stack}.yaml has no fleet:webhookUrl`;
  return having(tenants, "webhook")
    .filter(({ spec }) => spec.webhook)
    .map((tenant) => {
      const overlay = `stacks/${stack}/tenants/${tenant.name}.yaml`;
      const fix = `Set it to the host of notification-controller's webhook-receiver, or write webhook: false in ${overlay}`;
      return problemAt(tenant, ["webhook"], message, fix);
    });
};

import { listedNames } from "../../../lib/diagnostics/subjects.js";
import type { TenantSpec } from "../schema.js";

/** The tenants to whose commits Flux writes no status. */
export function withoutStatus<Tenant extends Pick<TenantSpec, "notifications">>(
  tenants: readonly Tenant[],
): readonly Tenant[] {
  return tenants.filter(({ notifications }) => Object.values(notifications).every(({ type }) => type !== "github"));
}

/** The sentence for the operator about such tenants. @param names at least one */
export function statusAdvice(names: readonly string[]): string {
  return `Flux writes no commit status for ${listedNames(names)}: set fleet:secrets.TENANT.commit-status, or FLEET_STATUSES for all tenants (docs/tenants/notifications-and-webhook.md).`;
}

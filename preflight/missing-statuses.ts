import type { FleetSpec } from "../config/fleet-spec.js";
import { statusAdvice, withoutStatus } from "../config/tenant/notifications/without-status.js";
import type { StateIndex } from "../lib/state/stack-state.js";

/**
 * The sentence about tenants that the update creates, and to whose commits Flux will write no status. It is printed once for
 * each tenant: a stack may do without.
 * @param only tenant that the update is limited to @default - the whole stack is updated
 */
export function describeMissingStatuses(
  { tenants }: Pick<FleetSpec, "tenants">,
  { namespaces }: Pick<StateIndex, "namespaces">,
  only?: string,
): string[] {
  const known = new Set(namespaces.map(({ tenant }) => tenant));
  const created = tenants.filter(({ name }) => !known.has(name) && (only === undefined || name === only));
  const names = withoutStatus(created).map(({ name }) => name);
  return names.length === 0 ? [] : [statusAdvice(names)];
}

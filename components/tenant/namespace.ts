import type { TenantSpec } from "../../stacks/schema.js";

/**
 * Labels of a tenant's namespace: what the tenant's file says, then what the platform says, which wins.
 *
 * `restricted` is enforced by the API server itself, whatever a tenant's manifest asks for.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function namespaceLabels(tenant: TenantSpec, owned: Readonly<Record<string, string>>): Record<string, string> {
  return {
    ...tenant.namespace.labels,
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/warn": "restricted",
    ...owned,
  };
}

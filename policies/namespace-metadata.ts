import type { NamespacePart } from "../config/tenant/parts.js";
import type { TenantSpec } from "../config/tenant/schema.js";
import { HOSTS_ANNOTATION } from "../lib/kubernetes/ownership-labels.js";

/**
 * Labels of a tenant's namespace: what the tenant's file says, then what the platform says, which wins.
 *
 * The level of Pod Security is enforced by the API server itself, whatever a tenant's manifest asks for. Of what only a
 * narrower level would refuse it warns.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function namespaceLabels(
  { labels, podSecurity }: NamespacePart["namespace"],
  owned: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...labels,
    "pod-security.kubernetes.io/enforce": podSecurity,
    "pod-security.kubernetes.io/warn": "restricted",
    ...owned,
  };
}

/**
 * Annotations of a tenant's namespace: what the tenant's file says, then what the platform says, which wins.
 *
 * The hosts stand here because this is where admission policies see what a namespace may do, and where nobody but the
 * platform writes: RBAC gives tenants no right to namespaces, and `fleet-owned-namespaces` guards them beside that.
 * @param hosts of the tenant, the same for all of its namespaces
 */
export function namespaceAnnotations(
  { annotations }: NamespacePart["namespace"],
  hosts: TenantSpec["hosts"],
): Record<string, string> {
  const { [HOSTS_ANNOTATION]: _, ...own } = annotations;
  return { ...own, ...(hosts.length === 0 ? {} : { [HOSTS_ANNOTATION]: [...hosts].sort().join(",") }) };
}

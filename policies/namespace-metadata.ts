import type { NamespacePart } from "../config/tenant/parts.js";
import type { TenantSpec } from "../config/tenant/schema.js";
import { HOSTS_ANNOTATION } from "../lib/kubernetes/ownership-labels.js";

type Namespace = NamespacePart["namespace"];

/**
 * The labels of a tenant's namespace: those of the tenant file, overridden by the platform's. The API server enforces
 * the level of Pod Security, whatever a tenant's manifest asks for, and warns about violations of the strictest level.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function namespaceLabels({ labels, podSecurity }: Namespace, owned: Readonly<Record<string, string>>) {
  return {
    ...labels,
    "pod-security.kubernetes.io/enforce": podSecurity,
    "pod-security.kubernetes.io/warn": "restricted",
    ...owned,
  };
}

/**
 * The annotations of a tenant's namespace: those of the tenant file, overridden by the platform's. The tenant's hosts
 * are an annotation because admission policies can read it, and only the platform can write it: RBAC gives tenants no
 * rights on namespaces, and `fleet-owned-namespaces` protects them as well.
 */
export function namespaceAnnotations({ annotations }: Namespace, hosts: TenantSpec["hosts"]): Record<string, string> {
  const { [HOSTS_ANNOTATION]: _, ...own } = annotations;
  return hosts.length === 0 ? own : { ...own, [HOSTS_ANNOTATION]: [...hosts].sort().join(",") };
}

import type { NamespacePart } from "./parts.js";

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

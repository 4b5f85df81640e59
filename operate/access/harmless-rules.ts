import type { LiveRule } from "./bindings.js";

interface HarmlessRule {
  readonly verbs: readonly string[];
  readonly urls?: readonly string[];
  readonly group?: string;
  readonly resources?: readonly string[];
  /** @default - objects of any name */
  readonly names?: readonly string[];
}

/**
 * The rights that Kubernetes and kubeadm give to every account, or to everyone: discovery, and questions about oneself.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles
 */
const harmless: readonly HarmlessRule[] = [
  {
    verbs: ["get"],
    urls: [
      ...["/livez", "/readyz", "/healthz", "/version", "/version/"],
      ...["/openapi", "/openapi/*", "/api", "/api/*", "/apis", "/apis/*"],
      ...["/.well-known/openid-configuration", "/.well-known/openid-configuration/"],
      ...["/openid/v1/jwks", "/openid/v1/jwks/"],
    ],
  },
  {
    verbs: ["create"],
    group: "authorization.k8s.io",
    resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
  },
  { verbs: ["create"], group: "authentication.k8s.io", resources: ["selfsubjectreviews"] },
  { verbs: ["get", "list", "watch"], group: "certificates.k8s.io", resources: ["clustertrustbundles"] },
  // kubeadm join reads the cluster's address and certificate authority without credentials.
  { verbs: ["get"], group: "", resources: ["configmaps"], names: ["cluster-info"] },
];

/** Whether rules give no more than what Kubernetes gives everyone. A role that does not exist may be any tomorrow. */
export function areHarmless(rules: readonly LiveRule[] | undefined): boolean {
  return rules?.every((rule) => harmless.some((one) => isWithin(rule, one))) ?? false;
}

function isWithin(rule: LiveRule, { verbs, urls = [], group, resources = [], names }: HarmlessRule): boolean {
  const { apiGroups = [], resources: kinds = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const isNamed = names === undefined || (resourceNames.length > 0 && isSubset(resourceNames, names));
  return (
    isNamed &&
    isSubset(rule.verbs, verbs) &&
    isSubset(nonResourceURLs, urls) &&
    isSubset(kinds, resources) &&
    isSubset(apiGroups, group === undefined ? [] : [group])
  );
}

function isSubset(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}

/** Name of the service account that applies a tenant's manifests, the same in every namespace of every tenant. */
export const reconciler = "reconciler";

/** Name of the ClusterRole of a tenant's reconciler; bound within the tenant's namespaces only. */
export const tenantRole = "fleet-tenant-reconciler";

/** A rule of a role. */
export interface PolicyRule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}

const allVerbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

/**
 * The rules of a tenant's reconciler in its own namespace: workloads with what belongs to them, and the tenant's own
 * Flux objects.
 *
 * It is a role of its own instead of the aggregated `admin`, which also covers the platform's objects in the namespace
 * (quotas, the role itself) and every kind that an installed operator adds. The rules leave out on purpose: quotas,
 * limit ranges, endpoints (their author redirects traffic of Services), tokens of service accounts, gateways,
 * ReferenceGrants, and `impersonate`.
 *
 * Charts include roles, role bindings and network policies. Kubernetes lets no account grant rights that it does not
 * have. Admission policies restrict bindings to accounts of the namespace, and network policies to the namespace
 * itself.
 *
 * Routes are kinds of another project, which may not be installed; the quota then counts none.
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/
 * @see https://gateway-api.sigs.k8s.io/concepts/security-model/
 */
export const tenantRules: readonly PolicyRule[] = [
  {
    apiGroups: [""],
    resources: ["configmaps", "secrets", "services", "serviceaccounts", "persistentvolumeclaims", "pods"],
    verbs: allVerbs,
  },
  { apiGroups: [""], resources: ["events", "endpoints", "pods/log"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["apps"], resources: ["deployments", "statefulsets", "daemonsets"], verbs: allVerbs },
  { apiGroups: ["apps"], resources: ["replicasets", "controllerrevisions"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["batch"], resources: ["jobs", "cronjobs"], verbs: allVerbs },
  { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: allVerbs },
  { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: allVerbs },
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses", "networkpolicies"], verbs: allVerbs },
  { apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles", "rolebindings"], verbs: allVerbs },
  // For leader election between a workload's pods.
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: allVerbs },
  { apiGroups: ["gateway.networking.k8s.io"], resources: ["httproutes", "grpcroutes", "tlsroutes"], verbs: allVerbs },
  {
    apiGroups: ["source.toolkit.fluxcd.io"],
    resources: ["gitrepositories", "ocirepositories", "helmrepositories", "helmcharts", "buckets"],
    verbs: allVerbs,
  },
  { apiGroups: ["kustomize.toolkit.fluxcd.io"], resources: ["kustomizations"], verbs: allVerbs },
  { apiGroups: ["helm.toolkit.fluxcd.io"], resources: ["helmreleases"], verbs: allVerbs },
  { apiGroups: ["notification.toolkit.fluxcd.io"], resources: ["alerts", "providers", "receivers"], verbs: allVerbs },
  // The platform creates them, because an automation names the branch that it pushes to.
  {
    apiGroups: ["image.toolkit.fluxcd.io"],
    resources: ["imagerepositories", "imagepolicies", "imageupdateautomations"],
    verbs: ["get", "list", "watch"],
  },
];

/** Name of the service account that applies a tenant's manifests, the same in every tenant's namespace. */
export const reconciler = "reconciler";

/** Name of the ClusterRole that says what a tenant may deploy; bound within the tenant's namespace only. */
export const tenantRole = "fleet-tenant-reconciler";

/** A rule of a role, as Kubernetes has it. */
export interface PolicyRule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}

const allVerbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

/**
 * What a tenant's reconciler may do in its own namespace: deploy workloads and what belongs to them, and Flux objects
 * of its own.
 *
 * A role of our own instead of the aggregated `admin`: that one also opens what the platform owns in the namespace
 * (quotas, the role itself) and whatever any installed operator adds to it. Left out on purpose: quotas, limit ranges,
 * endpoints (whoever writes them decides where another's traffic goes), tokens of service accounts, gateways and what
 * lets others' routes refer to this namespace, and `impersonate`.
 *
 * Charts bring roles, role bindings and network policies. Kubernetes lets nobody give rights that he has not, and
 * admission policies see to it that they go to accounts of the namespace, and that no way leads out of it.
 *
 * Routes are kinds of their own project, which need not be on the cluster: the quota then counts nothing of them.
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
  // By which pods choose the one of them that works.
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
  // The platform makes them: whoever could make an automation would choose the branch that is pushed to.
  {
    apiGroups: ["image.toolkit.fluxcd.io"],
    resources: ["imagerepositories", "imagepolicies", "imageupdateautomations"],
    verbs: ["get", "list", "watch"],
  },
];

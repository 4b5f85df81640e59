/** Name of the service account of a tenant's pipelines, in every tenant's primary namespace. */
export const robotAccount = "ci-robot";

/** Name of the ClusterRole of such an account; bound within the tenant's namespaces only. */
export const robotRole = "fleet-tenant-robot";

/** Kinds that a pipeline may reconcile, suspend and resume, by their API group. */
export const robotKinds: Readonly<Record<string, readonly string[]>> = {
  "kustomize.toolkit.fluxcd.io": ["kustomizations"],
  "helm.toolkit.fluxcd.io": ["helmreleases"],
  "source.toolkit.fluxcd.io": ["gitrepositories", "ocirepositories", "helmrepositories", "helmcharts", "buckets"],
};

/**
 * The rules of a tenant's robot: read and patch, as `flux reconcile`, `flux suspend` and `flux resume` do.
 *
 * RBAC cannot restrict fields; the admission policy `fleet-robots` limits patches to `spec.suspend` and reconcile
 * requests.
 */
export const robotRules = Object.entries(robotKinds).map(([group, resources]) => ({
  apiGroups: [group],
  resources: [...resources],
  verbs: ["get", "list", "watch", "patch"],
}));

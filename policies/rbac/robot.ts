/** Name of the service account of a tenant's pipelines, the same in every tenant's first namespace. */
export const robotAccount = "ci-robot";

/** Name of the ClusterRole that says what such an account may do; bound within the tenant's namespaces only. */
export const robotRole = "fleet-tenant-robot";

/** Kinds that a pipeline may have run, stopped and started again, by their API group. */
export const robotKinds: Readonly<Record<string, readonly string[]>> = {
  "kustomize.toolkit.fluxcd.io": ["kustomizations"],
  "helm.toolkit.fluxcd.io": ["helmreleases"],
  "source.toolkit.fluxcd.io": ["gitrepositories", "ocirepositories", "helmrepositories", "helmcharts", "buckets"],
};

/**
 * What a tenant's robot may do in the tenant's namespaces: look, and patch, as `flux reconcile`, `flux suspend` and
 * `flux resume` do. Of what it could patch an admission policy leaves it `spec.suspend` and the requests to look now:
 * RBAC knows no fields.
 */
export const robotRules = Object.entries(robotKinds).map(([group, resources]) => ({
  apiGroups: [group],
  resources: [...resources],
  verbs: ["get", "list", "watch", "patch"],
}));

import { fluxKinds, imageAutomations, type Kinds, kinds } from "../kinds.js";

/** Name of the service account that applies a tenant's manifests, the same in every namespace of every tenant. */
export const reconciler = "reconciler";
/** Name of the ClusterRole of a tenant's reconciler; bound within the tenant's namespaces only. */
export const tenantRole = "fleet-tenant-reconciler";

/** A rule of a role. */
export interface PolicyRule extends Kinds {
  readonly verbs: string[];
}

/** The verbs of reading. */
export const readVerbs = ["get", "list", "watch"];
/** The verbs of reading and of every change. */
export const allVerbs = [...readVerbs, "create", "update", "patch", "delete", "deletecollection"];

/**
 * The rules of a tenant's reconciler in its own namespace: workloads with what belongs to them, and the tenant's own
 * Flux objects. It is a role of its own instead of the aggregated `admin`, which also covers the platform's objects in
 * the namespace (quotas, the role itself) and every kind that an installed operator adds. The rules leave out on
 * purpose: quotas, limit ranges, endpoints (their author redirects traffic of Services), tokens of service accounts,
 * everything of Gateway API, of which the add-on `gateway-api` has the routes, and `impersonate`.
 *
 * Charts include roles, role bindings and network policies. Kubernetes lets no account grant rights that it does not
 * have. Admission policies restrict bindings to accounts of the namespace, and network policies to the namespace
 * itself.
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/
 */
export const tenantRules: readonly PolicyRule[] = [
  {
    ...kinds("", "configmaps", "secrets", "services", "serviceaccounts", "persistentvolumeclaims", "pods"),
    verbs: allVerbs,
  },
  { ...kinds("", "events", "endpoints", "pods/log"), verbs: readVerbs },
  { ...kinds("discovery.k8s.io", "endpointslices"), verbs: readVerbs },
  { ...kinds("apps", "deployments", "statefulsets", "daemonsets"), verbs: allVerbs },
  { ...kinds("apps", "replicasets", "controllerrevisions"), verbs: readVerbs },
  { ...kinds("batch", "jobs", "cronjobs"), verbs: allVerbs },
  { ...kinds("autoscaling", "horizontalpodautoscalers"), verbs: allVerbs },
  { ...kinds("policy", "poddisruptionbudgets"), verbs: allVerbs },
  { ...kinds("networking.k8s.io", "ingresses", "networkpolicies"), verbs: allVerbs },
  { ...kinds("rbac.authorization.k8s.io", "roles", "rolebindings"), verbs: allVerbs },
  // For leader election between a workload's pods.
  { ...kinds("coordination.k8s.io", "leases"), verbs: allVerbs },
  ...fluxKinds.map((kinds) => ({ ...kinds, verbs: allVerbs })),
  // The platform creates them, because an automation names the branch that it pushes to.
  { ...imageAutomations, verbs: readVerbs },
];

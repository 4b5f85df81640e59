import type { TenantSpec } from "../../config/tenant/schema.js";
import { kinds } from "../kinds.js";
import { type PolicyRule, readVerbs, tenantRules } from "./reconciler.js";

/** Name of the ClusterRole of viewers of a tenant's namespaces. */
export const viewerRole = "fleet-tenant-viewer";
/** Name of the ClusterRole of operators of a tenant's workloads. */
export const operatorRole = "fleet-tenant-operator";

/**
 * The rules of viewers: read everything that the tenant's reconciler may deploy, with its status, and the quotas and
 * limits. They exclude Secrets and tokens of accounts, because their reader can use these credentials.
 */
export const viewerRules: readonly PolicyRule[] = [
  ...tenantRules.map(({ apiGroups, resources }) => ({
    apiGroups,
    resources: resources.filter((resource) => !["secrets", "serviceaccounts/token"].includes(resource)),
    verbs: readVerbs,
  })),
  { ...kinds("", "resourcequotas", "limitranges"), verbs: readVerbs },
  { ...kinds("metrics.k8s.io", "pods"), verbs: readVerbs },
  // A RoleBinding limits this rule to its own namespace.
  { ...kinds("", "namespaces"), verbs: ["get"] },
];

/**
 * The rules of operators: those of viewers, and to scale workloads and to delete pods and jobs, so that they are
 * recreated. No rule lets them run other code, and so read Secrets or act as the tenant's accounts: no `patch` of
 * workloads, no `exec`, `attach`, `port-forward` or ephemeral containers. Commits decide what runs.
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation
 */
export const operatorRules: readonly PolicyRule[] = [
  ...viewerRules,
  { ...kinds("apps", "deployments/scale", "statefulsets/scale"), verbs: ["get", "update", "patch"] },
  { ...kinds("", "pods"), verbs: ["delete"] },
  { ...kinds("", "pods/eviction"), verbs: ["create"] },
  { ...kinds("batch", "jobs"), verbs: ["delete"] },
];

/** The RoleBindings of people in each of a tenant's namespaces, one for each ClusterRole that has groups. */
export function accessBindings({ viewers, operators, roles }: TenantSpec["access"]) {
  return [
    { name: "viewers", role: viewerRole, groups: viewers },
    { name: "operators", role: operatorRole, groups: operators },
    ...Object.entries(roles).map(([role, groups]) => ({ name: `role-${role}`, role, groups })),
  ].filter(({ groups }) => groups.length > 0);
}

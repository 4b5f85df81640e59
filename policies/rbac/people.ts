import type { TenantSpec } from "../../config/tenant/schema.js";
import { type PolicyRule, tenantRules } from "./reconciler.js";

/** Name of the ClusterRole of those who may look at a tenant's namespaces. */
export const viewerRole = "fleet-tenant-viewer";

/** Name of the ClusterRole of those who keep a tenant's workloads running. */
export const operatorRole = "fleet-tenant-operator";

const readVerbs = ["get", "list", "watch"];

/** What lets its reader act as somebody, or read what the tenant keeps secret. */
const secrets = ["secrets", "serviceaccounts/token"];

/**
 * What viewers may do: look at all that the tenant's reconciler may deploy, with its status, and at what bounds it. Not at
 * Secrets: whoever reads a Secret can act as whatever it is the key of.
 */
export const viewerRules: readonly PolicyRule[] = [
  ...tenantRules.map(({ apiGroups, resources }) => ({
    apiGroups,
    resources: resources.filter((resource) => !secrets.includes(resource)),
    verbs: readVerbs,
  })),
  { apiGroups: [""], resources: ["resourcequotas", "limitranges"], verbs: readVerbs },
  { apiGroups: ["metrics.k8s.io"], resources: ["pods"], verbs: readVerbs },
  // Bound within a namespace, this is about that namespace alone.
  { apiGroups: [""], resources: ["namespaces"], verbs: ["get"] },
];

/**
 * What operators may do beside looking: scale, and end pods and jobs so that their owners start them anew.
 *
 * Nothing that would let them run something else, and so read Secrets or act as the tenant's accounts: no `patch` of
 * workloads, no `exec`, `attach`, `port-forward` or ephemeral containers. What runs is decided by a commit.
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation
 */
export const operatorRules: readonly PolicyRule[] = [
  ...viewerRules,
  { apiGroups: ["apps"], resources: ["deployments/scale", "statefulsets/scale"], verbs: ["get", "update", "patch"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
  { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
  { apiGroups: ["batch"], resources: ["jobs"], verbs: ["delete"] },
];

/** A ClusterRole that groups have in each of a tenant's namespaces. */
export interface AccessBinding {
  /** Name of the RoleBinding. */
  readonly name: string;
  readonly role: string;
  readonly groups: readonly string[];
}

/** One binding for each role, whoever has it; none for a role that nobody has. */
export function accessBindings({ viewers, operators, roles }: TenantSpec["access"]): readonly AccessBinding[] {
  return [
    { name: "viewers", role: viewerRole, groups: viewers },
    { name: "operators", role: operatorRole, groups: operators },
    ...Object.entries(roles).map(([role, groups]) => ({ name: `role-${role}`, role, groups })),
  ].filter(({ groups }) => groups.length > 0);
}

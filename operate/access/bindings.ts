import { reconciler } from "../../policies/rbac/reconciler.js";
import { robotAccount } from "../../policies/rbac/robot.js";

/** A rule of a role, as an API server returns it. */
export interface LiveRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

/** A subject of a binding. */
export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** A RoleBinding or ClusterRoleBinding. */
export interface Binding {
  readonly kind: "RoleBinding" | "ClusterRoleBinding";
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly Subject[];
}

/** The namespaces of the tenants on a cluster: name → tenant. */
export type TenantNamespaces = ReadonlyMap<string, string>;

/**
 * The tenants' accounts that are subjects of a binding, by namespace. Groups that contain accounts of every namespace
 * stand for all tenants.
 * @returns namespaces, or `*` for all of them
 */
export function tenantSubjects({ subjects = [], metadata }: Binding, tenants: TenantNamespaces): string[] {
  return subjects.flatMap(({ kind, name, namespace = metadata.namespace ?? "" }) => {
    const place = accountNamespace({ kind, name, namespace });
    return place === "*" || (place !== undefined && tenants.has(place)) ? [place] : [];
  });
}

/** The namespace of the accounts that a subject means. Undefined for people. */
function accountNamespace({ kind, name, namespace }: Required<Subject>): string | undefined {
  if (kind === "ServiceAccount") return namespace;
  // A request without a token is anyone's, and so is a tenant's.
  if (["system:anonymous", "system:unauthenticated"].includes(name)) return "*";
  // A user of this name is the account. Its token authenticates as this name.
  if (kind === "User") return /^system:serviceaccount:([^:]+):/.exec(name)?.[1];
  if (["system:serviceaccounts", "system:authenticated"].includes(name)) return "*";
  return /^system:serviceaccounts:(.+)$/.exec(name)?.[1];
}

/**
 * Whether a binding gives accounts of tenants rights outside of the tenant's own namespaces. Labels prove nothing here:
 * everyone who writes a binding chooses its labels.
 */
export function isForeignBinding(binding: Binding, tenants: TenantNamespaces): boolean {
  const { namespace } = binding.metadata;
  const holder = namespace === undefined ? undefined : tenants.get(namespace);
  return tenantSubjects(binding, tenants).some((place) => {
    return place === "*" || holder === undefined || tenants.get(place) !== holder;
  });
}

/** ClusterRoles that OpenShift binds in every namespace, to its own accounts: to pull, build and deploy images within it. */
const ofOpenShift = ["system:image-puller", "system:image-builder", "system:deployer"];

/**
 * Whether a binding in a tenant's namespace is one that a tenant cannot have made: the policy `fleet-role-bindings` lets it
 * bind Roles of the namespace alone, to its own accounts alone.
 */
export function isByHand({ kind, metadata, roleRef, subjects = [] }: Binding, tenants: TenantNamespaces): boolean {
  const { namespace } = metadata;
  if (kind !== "RoleBinding" || namespace === undefined || !tenants.has(namespace)) return false;
  if (roleRef.kind === "ClusterRole" && ofOpenShift.includes(roleRef.name)) {
    return !subjects.every((one) => accountNamespace({ namespace: "", ...one }) === namespace);
  }
  const isOwn = (one: Subject) => {
    const isAccount = one.kind === "ServiceAccount" && one.namespace === namespace;
    return isAccount && ![reconciler, robotAccount].includes(one.name);
  };
  return roleRef.kind !== "Role" || !subjects.every(isOwn);
}

import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { roleBinding as binding, RBAC_GROUP, serviceAccountSubject } from "../../../lib/kubernetes/role-binding.js";
import { type Fields, type Metadata, object } from "./object.js";

/** A rule by which ConfigMaps can be read. */
export const readsConfigMaps = { apiGroups: [""], resources: ["configmaps"], verbs: ["get"] };

/** A Role. */
export function role(metadata: Metadata, ...rules: readonly object[]): KubernetesObject {
  return object("Role", metadata, { rules });
}

/** A ClusterRole. */
export function clusterRole(metadata: Metadata, ...rules: readonly object[]): KubernetesObject {
  return object("ClusterRole", metadata, { rules });
}

/** A RoleBinding. @param to the role: `ClusterRole/view`, `Role/own` */
export function roleBinding(metadata: Metadata, to: RoleName, ...subjects: readonly Fields[]): KubernetesObject {
  return object("RoleBinding", metadata, bound(to, subjects));
}

/** A ClusterRoleBinding. @param role name of the ClusterRole */
export function clusterRoleBinding(metadata: Metadata, role: string, ...subjects: readonly Fields[]): KubernetesObject {
  return object("ClusterRoleBinding", metadata, bound(`ClusterRole/${role}`, subjects));
}

/** The kind and name of a role. */
export type RoleName = `${"ClusterRole" | "Role"}/${string}`;

function bound(to: RoleName, subjects: readonly Fields[]) {
  const [roleKind, role] = to.split("/") as ["ClusterRole" | "Role", string];
  const { roleRef, subjects: who } = binding({ metadata: {}, roleKind, role, subjects });
  return { roleRef, subjects: who };
}

/** A service account, as the subject of a binding. */
export const account = serviceAccountSubject<string>;

/** The service account that applies what a tenant pushes, as the subject of a binding. */
export function reconcilerOf({ namespace }: { readonly namespace: string }) {
  return account("reconciler", namespace);
}

/** A user, as the subject of a binding. */
export function user(name: string) {
  return { apiGroup: RBAC_GROUP, kind: "User", name };
}

/** API group of roles and of their bindings. */
export const RBAC_GROUP = "rbac.authorization.k8s.io";

/** A RoleBinding or ClusterRoleBinding, without `apiVersion` and `kind`. Names may be Pulumi outputs. */
export function roleBinding<Metadata, Subject>(args: {
  readonly metadata: Metadata;
  /** Name of the role. */
  readonly role: string;
  /** Kind of the role. @default "ClusterRole" */
  readonly roleKind?: "ClusterRole" | "Role";
  readonly subjects: readonly Subject[];
}) {
  const { metadata, role, roleKind = "ClusterRole", subjects } = args;
  return { metadata, roleRef: { apiGroup: RBAC_GROUP, kind: roleKind, name: role }, subjects: [...subjects] };
}

/** A service account as the subject of a binding. */
export function serviceAccountSubject<Namespace>(name: string, namespace: Namespace) {
  return { kind: "ServiceAccount", name, namespace };
}

/** A group of users as the subject of a binding. */
export function groupSubject(name: string) {
  return { apiGroup: RBAC_GROUP, kind: "Group", name };
}

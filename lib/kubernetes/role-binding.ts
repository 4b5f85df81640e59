/** API group of roles and of their bindings. */
export const RBAC_GROUP = "rbac.authorization.k8s.io";

/** The parts of a binding that differ from one to the next. Names may be Pulumi outputs. */
export interface RoleBindingArgs<Metadata, Subject> {
  readonly metadata: Metadata;
  /** Name of the role. */
  readonly role: string;
  /** Kind of the role. @default "ClusterRole" */
  readonly roleKind?: "ClusterRole" | "Role";
  readonly subjects: readonly Subject[];
}

/** A RoleBinding or ClusterRoleBinding, without `apiVersion` and `kind`. */
export function roleBinding<Metadata, Subject>(args: RoleBindingArgs<Metadata, Subject>) {
  const { metadata, role, roleKind = "ClusterRole", subjects } = args;
  return { metadata, roleRef: { apiGroup: RBAC_GROUP, kind: roleKind, name: role }, subjects: [...subjects] };
}

/** A service account as the subject of a binding. */
export function serviceAccountSubject<Namespace>(name: string, namespace: Namespace) {
  return { kind: "ServiceAccount", name, namespace };
}

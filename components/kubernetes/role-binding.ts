import type * as pulumi from "@pulumi/pulumi";

const apiGroup = "rbac.authorization.k8s.io";

/** A user, group or service account that a role is bound to. */
export interface Subject {
  readonly kind: "ServiceAccount" | "Group";
  readonly name: string;
  readonly namespace?: pulumi.Input<string>;
  readonly apiGroup?: string;
}

/** A service account as the subject of a binding. */
export function serviceAccountSubject(name: string, namespace: pulumi.Input<string>): Subject {
  return { kind: "ServiceAccount", name, namespace };
}

/** A group of users as the subject of a binding. */
export function groupSubject(name: string): Subject {
  return { apiGroup, kind: "Group", name };
}

/**
 * The arguments of a RoleBinding or ClusterRoleBinding that grants a ClusterRole.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding
 */
export function clusterRoleBindingArgs<Metadata>(metadata: Metadata, role: string, subjects: readonly Subject[]) {
  return { metadata, roleRef: { apiGroup, kind: "ClusterRole", name: role }, subjects: [...subjects] };
}

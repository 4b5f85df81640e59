import type { LiveRule, Subject } from "../access/bindings.js";
import { bindingOf, roleKey } from "../access/foreign-bindings.js";
import { type AuditedCluster, type AuditedObject, objectsOf, placeOf } from "./audited-cluster.js";

/** The rights that one binding gives to its subjects. */
export interface Grant {
  readonly binding: AuditedObject;
  /** `ClusterRole cluster-admin` */
  readonly role: string;
  /** The namespace in which the rights hold. @default - the whole cluster */
  readonly namespace?: string | undefined;
  readonly rules: readonly LiveRule[];
  readonly subjects: readonly Subject[];
}

/** A service account. */
export interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** A right that a rule may give. */
export interface AskedRight {
  /** One of them is enough. */
  readonly verbs: readonly string[];
  readonly group: string;
  readonly resource: string;
  /** The one object that is enough where a rule names objects. @default - none is */
  readonly name?: string;
}

/** The grants of all bindings. A binding to a role that does not exist gives no right. */
export function allGrants(cluster: AuditedCluster): Grant[] {
  const roles = objectsOf(cluster, "ClusterRole", "Role").map(({ kind, object }): [string, readonly LiveRule[]] => {
    return [`${kind}/${placeOf(object.metadata)}`, (object.rules ?? []) as readonly LiveRule[]];
  });
  const rules = new Map(roles);
  return objectsOf(cluster, "ClusterRoleBinding", "RoleBinding").map((one): Grant => {
    const kind = one.kind === "RoleBinding" ? "RoleBinding" : "ClusterRoleBinding";
    const binding = bindingOf(kind, "", one.object);
    const { namespace } = binding.metadata;
    const subjects = (binding.subjects ?? []).map((subject): Subject => {
      return subject.kind === "ServiceAccount" ? { namespace: namespace ?? "", ...subject } : subject;
    });
    const role = `${binding.roleRef.kind} ${binding.roleRef.name}`;
    return { binding: one, role, namespace, rules: rules.get(roleKey(binding)) ?? [], subjects };
  });
}

/** The key of a subject, by which grants are found. */
export function subjectKey({ kind, name, namespace }: Subject): string {
  return kind === "ServiceAccount" ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
}

/** The keys of an account: its own, those of its name as a user, and those of its groups. */
export function accountKeys({ namespace, name }: Account): string[] {
  const groups = ["system:authenticated", "system:serviceaccounts", `system:serviceaccounts:${namespace}`];
  return [
    subjectKey({ kind: "ServiceAccount", namespace, name }),
    `User system:serviceaccount:${namespace}:${name}`,
    ...groups.map((group) => `Group ${group}`),
  ];
}

/** The accounts that a subject means, as far as rights follow from it. A group of a namespace stands for its `default`. */
export function accountOf({ kind, name, namespace = "" }: Subject): Account | undefined {
  if (kind === "ServiceAccount") return { namespace, name };
  const [, ofUser, user] = /^system:serviceaccount:([^:]+):(.+)$/.exec(kind === "User" ? name : "") ?? [];
  if (ofUser !== undefined && user !== undefined) return { namespace: ofUser, name: user };
  const [, ofGroup] = /^system:serviceaccounts:(.+)$/.exec(kind === "Group" ? name : "") ?? [];
  return ofGroup === undefined ? undefined : { namespace: ofGroup, name: "default" };
}

/** Whether a rule gives a right. */
export function permits(rule: LiveRule, { verbs, group, resource, name }: AskedRight): boolean {
  const has = (list: readonly string[] | undefined, wanted: string) =>
    list !== undefined && (list.includes("*") || list.includes(wanted));
  const [, part] = resource.split("/");
  const names = rule.resourceNames ?? [];
  const isNamed = names.length === 0 || (name !== undefined && names.includes(name));
  const isResource = has(rule.resources, resource) || (part !== undefined && has(rule.resources, `*/${part}`));
  return isNamed && isResource && has(rule.apiGroups, group) && verbs.some((verb) => has(rule.verbs, verb));
}

/** Whether rules give everything, as those of `cluster-admin` do. */
export function isEverything(rules: readonly LiveRule[]): boolean {
  return rules.some((rule) => permits(rule, { verbs: ["*"], group: "*", resource: "*" }));
}

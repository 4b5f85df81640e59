import { z } from "zod";
import { definedOnly } from "../../lib/data/defined-only.js";
import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import { RBAC_GROUP, roleBinding } from "../../lib/kubernetes/role-binding.js";
import { type Manifest, typedKind } from "../release/typed-kind.js";
import type { HardenContext } from "./step.js";

const rule = z.looseObject({
  apiGroups: z.array(z.string()).exactOptional(),
  resources: z.array(z.string()).exactOptional(),
  nonResourceURLs: z.array(z.string()).exactOptional(),
  verbs: z.array(z.string()),
});
const subject = z.looseObject({ kind: z.string(), name: z.string(), namespace: z.string().exactOptional() });
const binding = z.looseObject({
  roleRef: z.looseObject({ kind: z.string(), name: z.string() }),
  subjects: z.array(subject),
});

/** A rule of a role. */
export type PolicyRule = z.infer<typeof rule>;
/** A subject of a binding. */
export type Subject = z.infer<typeof subject>;

/** ClusterRoles, with their rules. */
export const clusterRoles = typedKind("ClusterRole", z.looseObject({ rules: z.array(rule) }));
/** ClusterRoleBindings, with their role and subjects. */
export const clusterRoleBindings = typedKind("ClusterRoleBinding", binding);

/** Verbs that only read. */
export const readVerbs: readonly string[] = ["get", "list", "watch"];

/** The API groups of Flux's own kinds; all others are Kubernetes'. */
export const fluxGroup = /(^|\.)fluxcd\.io$/;

/** The kind that a CRD of this name defines: a CRD is named PLURAL.GROUP. */
export function definedKind(crd: string) {
  const end = crd.indexOf(".");
  return { plural: crd.slice(0, end), group: crd.slice(end + 1) };
}

interface BoundRoleArgs {
  readonly name: string;
  /** @default - a ClusterRole */
  readonly namespace?: string;
  readonly rules: readonly PolicyRule[];
  readonly subjects: readonly Subject[];
}

/** A role, and its binding of the same name. */
export function boundRole({ name, namespace, rules, subjects }: BoundRoleArgs): KubernetesObject[] {
  const apiVersion = `${RBAC_GROUP}/v1`;
  const metadata = definedOnly({ name, namespace });
  const roleKind = namespace === undefined ? "ClusterRole" : "Role";
  return [
    { apiVersion, kind: roleKind, metadata, rules },
    { apiVersion, kind: `${roleKind}Binding`, ...roleBinding({ metadata, role: name, roleKind, subjects }) },
  ];
}

/** Adds roles and bindings, and refuses a manifest that uses one of their names. */
export function withRoles(objects: Manifest, roles: Manifest, { unexpected }: HardenContext): KubernetesObject[] {
  const taken = objects.find(({ metadata }) => roles.some((role) => role.metadata.name === metadata.name));
  if (taken) throw unexpected(taken, "has a name that the hardening gives to its own role");
  return [...objects, ...roles];
}

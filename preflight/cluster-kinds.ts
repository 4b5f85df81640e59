import { groupPath, pluralOf } from "../lib/kubernetes/api-paths.js";
import { type ObjectType, objectType } from "../lib/kubernetes/live-object.js";
import { MANAGED_BY, MANAGED_BY_LABEL, PART_OF_LABEL } from "../lib/kubernetes/ownership-labels.js";
import type { StackState } from "../lib/state/stack-state.js";

/** The objects of one kind on a cluster. */
export interface KindList extends ObjectType {
  /** Label that the listed objects have. @default - all objects of the kind */
  readonly label?: string;
  /** Name of the listed objects, one in each namespace at most. @default - any */
  readonly name?: string;
  /** Whether only the metadata of the objects are fetched. @default false */
  readonly metadataOnly?: boolean;
  /** Whether the account may lack the right to read them. @default false */
  readonly isOptional?: boolean;
}

/** The list of namespaces. */
export const namespaceList: KindList = kindOf("core", "Namespace");

const ownLabel = `${MANAGED_BY_LABEL}=${MANAGED_BY}`;

/** Deployments of Flux's controllers that apply objects to a cluster, in every release of Flux. */
export const APPLIERS: readonly string[] = ["kustomize-controller", "helm-controller"];

/** Kinds that are listed whatever the state has: names that others may have taken, syncs, and controllers of Flux. */
const always: readonly KindList[] = [
  kindOf("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
  kindOf("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
  kindOf("rbac.authorization.k8s.io", "ClusterRole"),
  kindOf("rbac.authorization.k8s.io", "ClusterRoleBinding"),
  { ...kindOf("kustomize.toolkit.fluxcd.io", "Kustomization"), label: ownLabel },
  { ...kindOf("source.toolkit.fluxcd.io", "GitRepository"), label: ownLabel },
  // A tenant chooses labels, and so the number and the size of the objects of a list by label. A name is there once.
  ...APPLIERS.map((name) => ({ ...kindOf("apps", "Deployment"), label: `${PART_OF_LABEL}=flux`, name })),
  kindOf("fluxcd.controlplane.io", "FluxInstance"),
];

/** Lists that differ from those of other kinds. */
const special: Readonly<Record<string, Partial<KindList>>> = {
  // An account that only previews need not have the right to read private keys.
  Secret: { isOptional: true },
  // The schemas are megabytes.
  CustomResourceDefinition: { metadataOnly: true, isOptional: true },
};

function kindOf(group: string, kind: string): ObjectType {
  return { group, version: "v1", kind };
}

/** The lists that a stack needs: one for each kind, whatever the number of tenants. */
export function listsFor(state: StackState): readonly KindList[] {
  const known = new Set(always.filter(({ name }) => name === undefined).map(kindKey));
  const stated = new Map<string, KindList>();
  for (const { type } of Object.values(state)) {
    const found = objectType(type);
    // Namespaces have a list of their own.
    if (found === undefined || found.kind === "Namespace" || known.has(kindKey(found))) continue;
    stated.set(kindKey(found), { ...found, label: ownLabel, ...special[found.kind] });
  }
  return [...always, ...stated.values()];
}

/** The list of a kind's objects of which only names and labels count. Their creator does not matter. */
export function metadataList({ group, version, kind }: ObjectType): KindList {
  return { group, version, kind, metadataOnly: true, ...special[kind] };
}

/** Identifies a kind. The version of the API is no part of it. */
export function kindKey({ group, kind }: ObjectType): string {
  return `${kind}.${group}`;
}

/** The path of a list, without the address of the server. */
export function listPath(list: KindList): string {
  const { label, name } = list;
  const selectors = [
    ...(label === undefined ? [] : [`labelSelector=${encodeURIComponent(label)}`]),
    ...(name === undefined ? [] : [`fieldSelector=${encodeURIComponent(`metadata.name=${name}`)}`]),
  ];
  return `${groupPath(list)}/${pluralOf(list)}${selectors.length === 0 ? "" : `?${selectors.join("&")}`}`;
}

import { isDeepStrictEqual } from "node:util";
import { isPlainObject } from "../../lib/data/merge.js";
import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import type { Subject } from "../access/bindings.js";
import type { AuditedKind } from "../audit/audited-cluster.js";
import { objectText, type PlannedObject } from "../verify/planned-objects.js";
import { findObject, type RetrofitFacts } from "./facts.js";
import type { RetrofitChange } from "./step.js";

/** The kinds of accounts and of their rights, in the order in which each needs the one before. */
const accountKinds = ["ServiceAccount", "ClusterRole", "Role", "RoleBinding", "ClusterRoleBinding"] as const;
type AccountKind = (typeof accountKinds)[number];

/**
 * The accounts of syncs, their bindings and their roles, as the program registers them. Those of namespaces that the
 * cluster does not have belong to tenants that come later.
 */
export function accountObjects(facts: RetrofitFacts): (PlannedObject & { readonly kind: AccountKind })[] {
  const { planned, cluster } = facts;
  const places = new Set(cluster.Namespace?.map(({ metadata }) => metadata.name));
  const bindings = planned.filter((one) => isBindingOfAccounts(one) && isPlaced(one, places));
  const roles = new Set(bindings.map(roleOf));
  const isWanted = (one: PlannedObject) => {
    if (one.kind === "ServiceAccount") return isPlaced(one, places);
    return bindings.includes(one) || roles.has(`${one.kind}/${one.metadata.namespace ?? ""}/${one.metadata.name}`);
  };
  return accountKinds.flatMap((kind) => {
    return planned.filter((one) => one.kind === kind && isWanted(one)).map((one) => ({ ...one, kind }));
  });
}

function isPlaced({ metadata: { namespace } }: PlannedObject, places: ReadonlySet<string>): boolean {
  return namespace === undefined || places.has(namespace);
}

function isBindingOfAccounts({ kind, fields }: PlannedObject): boolean {
  if (kind !== "RoleBinding" && kind !== "ClusterRoleBinding") return false;
  return ((fields.subjects ?? []) as readonly Subject[]).some((subject) => subject.kind === "ServiceAccount");
}

function roleOf({ fields, metadata }: PlannedObject): string {
  const { kind, name } = fields.roleRef as { readonly kind: string; readonly name: string };
  return `${kind}/${kind === "Role" ? metadata.namespace : ""}/${name}`;
}

/** The accounts, bindings and roles that the cluster lacks, or has otherwise. */
export function accountChanges(facts: RetrofitFacts): RetrofitChange[] {
  return accountObjects(facts).flatMap((one) => {
    const live = findObject(facts.cluster, one.kind satisfies AuditedKind, one.metadata);
    const wanted = one.kind === "ServiceAccount" ? { metadata: { labels: labelsOf(one) } } : one.fields;
    if (live !== undefined && contains(live, wanted)) return [];
    const manifest = manifestOf(one);
    const { name, namespace } = manifest.metadata;
    const detail = live === undefined ? "creates it" : "changes it to the fields that the program registers";
    const { apiVersion } = manifest;
    const action = { type: "apply", manifest } as const;
    return [{ object: objectText(one), apiVersion, kind: one.kind, namespace, name, action, detail }];
  });
}

/** The object that the program registers, as a manifest. */
export function manifestOf({ group, version, kind, fields }: PlannedObject): KubernetesObject {
  const { annotations, ...metadata } = fields.metadata as KubernetesObject["metadata"];
  const kept = annotations !== undefined && Object.keys(annotations).length > 0 && { annotations };
  const apiVersion = group === "core" ? version : `${group}/${version}`;
  return { apiVersion, kind, ...fields, metadata: { ...metadata, ...kept } };
}

function labelsOf({ fields }: PlannedObject): unknown {
  return (fields.metadata as KubernetesObject["metadata"]).labels;
}

/** Whether a live value has all wanted fields. Lists are compared whole. */
export function contains(live: unknown, wanted: unknown): boolean {
  if (!isPlainObject(wanted)) return isDeepStrictEqual(live, wanted);
  return isPlainObject(live) && Object.entries(wanted).every(([name, value]) => contains(live[name], value));
}

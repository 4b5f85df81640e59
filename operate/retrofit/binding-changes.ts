import { liveIdentity } from "../../lib/kubernetes/live-object.js";
import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import { RBAC_GROUP } from "../../lib/kubernetes/role-binding.js";
import type { LiveRule } from "../access/bindings.js";
import { bindingOf, foreignBindings, grantText, type LiveAccess } from "../access/foreign-bindings.js";
import { type AuditedCluster, objectsOf } from "../audit/audited-cluster.js";
import { objectText } from "../verify/planned-objects.js";
import { findObject, type RetrofitFacts } from "./facts.js";
import { deletionPatch, gitPlace } from "./git-place.js";
import type { RetrofitChange } from "./step.js";

/** The deletions of bindings that give a tenant's accounts more than the plan does. A binding is no workload: pods run on. */
export function bindingChanges(facts: RetrofitFacts): RetrofitChange[] {
  const { cluster, tenants, planned } = facts;
  const access = accessOf(cluster);
  const identities = new Set(planned.map(({ identity }) => identity));
  return foreignBindings(access, tenants, identities).map((one) => {
    const { kind, metadata } = one;
    const { name, namespace } = metadata;
    const apiVersion = `${RBAC_GROUP}/v1`;
    const object = findObject(cluster, kind, metadata);
    const { labels, annotations, uid = "" } = object?.metadata ?? { labels: {}, annotations: {} };
    const { roleRef, subjects } = one;
    const before: KubernetesObject = {
      apiVersion,
      kind,
      metadata: { name, ...(namespace !== undefined && { namespace }), labels, annotations },
      roleRef,
      ...(subjects !== undefined && { subjects }),
    };
    const inGit = object && gitPlace(cluster, { kind, object }, deletionPatch({ kind, object }));
    return {
      object: objectText(one),
      apiVersion,
      kind,
      namespace,
      name,
      action: { type: "delete", uid, before },
      detail: `deletes it: it ${grantText(one, access, tenants)}`,
      inGit,
    };
  });
}

function accessOf(cluster: AuditedCluster): LiveAccess {
  const bindings = objectsOf(cluster, "RoleBinding", "ClusterRoleBinding").map(({ kind, object }) => {
    const type = { group: RBAC_GROUP, version: "v1", kind };
    return bindingOf(kind as "RoleBinding" | "ClusterRoleBinding", liveIdentity(type, object.metadata), object);
  });
  const rules = objectsOf(cluster, "ClusterRole", "Role").map(({ kind, object }): [string, readonly LiveRule[]] => {
    const { namespace, name } = object.metadata;
    const key = kind === "ClusterRole" ? `ClusterRole/${name}` : `Role/${namespace}/${name}`;
    return [key, (object.rules ?? []) as readonly LiveRule[]];
  });
  return { bindings, rules: new Map(rules) };
}

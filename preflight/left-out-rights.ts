import { z } from "zod";
import type { FleetSpec } from "../config/fleet-spec.js";
import { groupBy } from "../lib/data/group-by.js";
import { objectType } from "../lib/kubernetes/live-object.js";
import { TENANT_LABEL } from "../lib/kubernetes/ownership-labels.js";
import { indexState, type StackState } from "../lib/state/stack-state.js";
import { tenantClusterRoles } from "../policies/rbac/tenant-roles.js";

/** Rights that a tenant which stays as it is would lose with a ClusterRole, which is a shared part. */
interface LostRights {
  readonly tenant: string;
  readonly role: string;
  /** `create externalsecrets.external-secrets.io`. At least one. */
  readonly rights: readonly string[];
}

const binding = z.object({
  metadata: z.object({ namespace: z.string() }),
  roleRef: z.object({ kind: z.string(), name: z.string() }),
});
const texts = z.array(z.string()).default([]);
const role = z.object({
  metadata: z.object({ name: z.string() }),
  rules: z.array(z.object({ apiGroups: texts, resources: texts, verbs: texts })).nullish(),
});

/**
 * The rights that tenants which stay would lose: their role bindings stay, and the update deletes the ClusterRole of one, or
 * takes rules from it. The rules of the state are those that the last update wrote, whichever version of the program it was.
 * @param excluded URNs of the resources of these tenants
 */
export function lostRights({ platform }: FleetSpec, state: StackState, excluded: readonly string[]): LostRights[] {
  const after = new Map(tenantClusterRoles(platform.addons).map((one) => [one.role, rightsOf(one.rules)]));
  const before = new Map(
    ofKind(state, "ClusterRole").map(([, outputs]) => {
      const { metadata, rules } = role.parse(outputs);
      return [metadata.name, rightsOf(rules ?? [])] as const;
    }),
  );
  const tenants = new Map(indexState(state, TENANT_LABEL).namespaces.map(({ name, tenant }) => [name, tenant]));
  const stays = new Set(excluded);
  const bound = ofKind(state, "RoleBinding").flatMap(([urn, outputs]) => {
    const { metadata, roleRef } = binding.parse(outputs);
    if (!stays.has(urn) || roleRef.kind !== "ClusterRole") return [];
    return [{ tenant: tenants.get(metadata.namespace) ?? metadata.namespace, role: roleRef.name }];
  });
  return [...groupBy(bound, ({ tenant, role }) => `${tenant} ${role}`).values()].flatMap(([one]) => {
    if (one === undefined) return [];
    const rights = [...(before.get(one.role) ?? [])].filter((right) => !after.get(one.role)?.has(right));
    return rights.length === 0 ? [] : [{ ...one, rights }];
  });
}

function ofKind(state: StackState, kind: string) {
  return Object.entries(state).flatMap(([urn, { type, outputs }]) => {
    return objectType(type)?.kind === kind ? [[urn, outputs] as const] : [];
  });
}

/** Each right of rules, like `create configmaps`. */
function rightsOf(
  rules: readonly Readonly<Record<"apiGroups" | "resources" | "verbs", readonly string[]>>[],
): ReadonlySet<string> {
  const rights = rules.flatMap(({ apiGroups, resources, verbs }) =>
    verbs.flatMap((verb) =>
      resources.flatMap((resource) =>
        apiGroups.map((group) => `${verb} ${resource}${group === "" ? "" : `.${group}`}`),
      ),
    ),
  );
  return new Set(rights);
}

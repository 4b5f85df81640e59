import { groupName } from "../../../config/tenant/access/schema.js";
import type { LiveObject } from "../../../lib/kubernetes/live-object.js";
import { operatorRole, viewerRole } from "../../../policies/rbac/people.js";
import { bindingOf } from "../../access/foreign-bindings.js";
import type { Expressed } from "./sync-fields.js";

/** Roles of people, with the field of a file that gives about the same rights. */
const fieldOfRole: ReadonlyMap<string, "viewers" | "operators"> = new Map([
  ["view", "viewers"],
  [viewerRole, "viewers"],
  [operatorRole, "operators"],
]);

/** The rights of people in a tenant's namespaces. Rights of accounts are the retrofit's, and no matter of a file. */
export function accessOf(bindings: readonly LiveObject[]): Expressed {
  const groups = { viewers: new Set<string>(), operators: new Set<string>() };
  const leftOut: string[] = [];
  for (const { roleRef, subjects = [], metadata } of bindings.map((one) => bindingOf("RoleBinding", "", one))) {
    for (const { kind, name } of subjects) {
      if (kind === "ServiceAccount" || name.startsWith("system:")) continue;
      const field = roleRef.kind === "ClusterRole" ? fieldOfRole.get(roleRef.name) : undefined;
      if (kind === "Group" && field !== undefined && groupName.check(name) === undefined) groups[field].add(name);
      else {
        leftOut.push(
          `the RoleBinding ${metadata.namespace}/${metadata.name} gives the ${kind} ${name} the ${roleRef.kind} ${roleRef.name}: a file has groups of viewers and operators`,
        );
      }
    }
  }
  const fields = Object.entries(groups).flatMap(([field, names]) => {
    return names.size === 0 ? [] : [[field, [...names].sort()] as const];
  });
  return { fields: Object.fromEntries(fields), leftOut };
}

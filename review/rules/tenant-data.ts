import { fieldAt, textAt } from "../findings/facts.js";
import { inNamespace, tenantNamespaceObjects, tenantNamespaces } from "./objects.js";
import type { Rule } from "./rule.js";

/** Names of the number of claims in a quota: of the program's own, and the older one. */
const claimCounts = ["count/persistentvolumeclaims", "persistentvolumeclaims"];

/** Namespaces that may hold volumes. */
export const tenantData: Rule = {
  name: "tenant-data",
  level: "mandatory",
  onlyChanges: true,
  title: "no change removes a namespace that may hold persistent volume claims",
  reason: "Kubernetes deletes the claims with the namespace, and most storage classes delete the volumes with them",
  fix: "set limits.persistentVolumeClaims to 0 first, after the data is moved or backed up; then remove the namespace",
  violations: ({ plan, before }) => {
    if (before === undefined) return [];
    const kept = tenantNamespaces(plan);
    return tenantNamespaceObjects(before).flatMap((resource) => {
      const name = textAt(resource, "metadata", "name");
      const claims = inNamespace(before, "ResourceQuota", name)
        .flatMap((quota) => claimCounts.map((name) => fieldAt(quota.inputs, "spec", "hard", name)))
        .find((amount) => amount !== undefined);
      if (kept.has(name) || String(claims) === "0") return [];
      return [
        { resource, message: `the namespace ${name} goes, which may hold ${String(claims ?? "any number of")} claims` },
      ];
    });
  },
};

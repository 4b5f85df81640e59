import { textAt } from "../findings/facts.js";
import type { PlannedResource } from "../planned-resource.js";
import { inNamespace, isDefaultDeny, podSecurityOf, tenantNamespaceObjects } from "./objects.js";
import type { JudgedPlan, Rule } from "./rule.js";

/** The guards of each namespace of a tenant. */
export const guardedNamespaces: Rule = {
  name: "guarded-namespaces",
  level: "mandatory",
  title:
    "each namespace of a tenant has Pod Security, a quota, a limit range and a network policy that denies by default",
  reason: "a namespace that lacks one of them can use up the cluster, or reach its neighbours",
  fix: "register the missing object together with the namespace",
  violations: ({ plan }) =>
    tenantNamespaceObjects(plan).flatMap((resource) => {
      const missing = missingIn(plan, resource);
      if (missing.length === 0) return [];
      return [
        { resource, message: `the namespace ${textAt(resource, "metadata", "name")} has no ${missing.join(", no ")}` },
      ];
    }),
};

function missingIn(plan: JudgedPlan, namespace: PlannedResource): string[] {
  const name = textAt(namespace, "metadata", "name");
  const guards: readonly (readonly [string, boolean])[] = [
    ["Pod Security", podSecurityOf(namespace) !== "privileged"],
    ["ResourceQuota", inNamespace(plan, "ResourceQuota", name).length > 0],
    ["LimitRange", inNamespace(plan, "LimitRange", name).length > 0],
    ["NetworkPolicy that denies by default", inNamespace(plan, "NetworkPolicy", name).some(isDefaultDeny)],
  ];
  return guards.flatMap(([guard, isThere]) => (isThere ? [] : [guard]));
}

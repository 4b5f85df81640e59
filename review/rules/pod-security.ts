import { textAt } from "../findings/facts.js";
import type { PlannedResource } from "../planned-resource.js";
import { podSecurityOf, sameIn, tenantNamespaceObjects } from "./objects.js";
import type { Rule, Violation } from "./rule.js";

/** The levels of Pod Security, from the strictest. */
const levels = ["restricted", "baseline", "privileged"];

/** Pod Security that a change lowers. */
export const podSecurityKept: Rule = {
  name: "pod-security-kept",
  level: "mandatory",
  onlyChanges: true,
  title: "no change lowers Pod Security of a namespace",
  reason: "pods of a lower level may run as root, or share what belongs to the node",
  fix: "keep the level, and correct the pods that it refuses",
  violations: ({ plan, before }) =>
    tenantNamespaceObjects(plan).flatMap((resource) => {
      const earlier = before && sameIn(before, resource);
      if (earlier === undefined) return [];
      const [from, to] = [podSecurityOf(earlier), podSecurityOf(resource)];
      return levels.indexOf(to) > levels.indexOf(from) ? [violation(resource, `goes from ${from} to ${to}`)] : [];
    }),
};

/** Pod Security below the strictest level. */
export const podSecurityRestricted: Rule = {
  name: "pod-security-restricted",
  level: "advisory",
  title: "namespaces of tenants enforce the restricted level of Pod Security",
  reason: "pods of the baseline level may run as root",
  fix: "remove podSecurity from the tenant's files when its pods pass the restricted level",
  violations: ({ plan }) =>
    tenantNamespaceObjects(plan)
      .filter((namespace) => podSecurityOf(namespace) !== "restricted")
      .map((namespace) => violation(namespace, `is ${podSecurityOf(namespace)}`)),
};

function violation(resource: PlannedResource, change: string): Violation {
  const name = textAt(resource, "metadata", "name");
  return { resource, field: ["namespace", "podSecurity"], message: `Pod Security of the namespace ${name} ${change}` };
}

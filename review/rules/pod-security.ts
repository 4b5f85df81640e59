import { textAt } from "../findings/facts.js";
import type { PlannedResource } from "../planned-resource.js";
import { namespaces, podSecurityOf, sameNamespaceIn, tenantNamespaceObjects } from "./objects.js";
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
    namespaces(plan).flatMap((resource) => {
      const earlier = before && sameNamespaceIn(before, resource);
      if (earlier === undefined) return [];
      const [from, to] = [podSecurityOf(earlier), podSecurityOf(resource)];
      const [oldVersion, version] = [versionOf(earlier), versionOf(resource)];
      return [
        ...(rank(to) > rank(from) ? [violation(resource, `goes from ${from} to ${to}`)] : []),
        // An older version lacks the checks that later ones brought.
        ...(version === oldVersion || version === "latest"
          ? []
          : [violation(resource, `goes from version ${oldVersion} to ${version}`)]),
      ];
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

/** The place of a level, from the strictest. Kubernetes enforces nothing by a level that it does not know. */
function rank(level: string): number {
  return levels.includes(level) ? levels.indexOf(level) : levels.length;
}

/** The version of Kubernetes whose checks a namespace enforces. */
function versionOf(namespace: PlannedResource): string {
  return textAt(namespace, "metadata", "labels", "pod-security.kubernetes.io/enforce-version") || "latest";
}

function violation(resource: PlannedResource, change: string): Violation {
  const name = textAt(resource, "metadata", "name");
  return { resource, field: ["namespace", "podSecurity"], message: `Pod Security of the namespace ${name} ${change}` };
}

import { fieldAt, ofKind, textAt } from "../findings/facts.js";
import type { PlannedResource } from "../planned-resource.js";
import type { JudgedPlan, Rule } from "./rule.js";

/** Deploy keys of sources that only read. */
export const readOnlyKeys: Rule = {
  name: "read-only-keys",
  level: "mandatory",
  title: "only image automation has a deploy key that may push",
  reason: "a cluster that is taken over could push to the repository that it is made from",
  fix: "remove the key, or declare imageAutomation for the repository's source",
  violations: ({ plan }) =>
    ofKind(plan, "RepositoryDeployKey")
      .filter((key) => fieldAt(key.inputs, "readOnly") !== true && !isAutomated(plan, key))
      .map((resource) => ({
        resource,
        message: `the deploy key "${textAt(resource, "title")}" may push to ${textAt(resource, "repository")}`,
      })),
};

/** Whether the tenant of a key has image automation, and the repository is no other's. */
function isAutomated(plan: JudgedPlan, key: PlannedResource): boolean {
  const { tenant } = key;
  const name = textAt(key, "repository").toLowerCase();
  const isForeign = ofKind(plan, "Repository").some(
    (one) => one.type.startsWith("github:") && textAt(one, "name").toLowerCase() === name && one.tenant !== tenant,
  );
  if (isForeign || tenant === undefined) return false;
  return ofKind(plan, "ImageUpdateAutomation").some((one) => one.tenant === tenant);
}

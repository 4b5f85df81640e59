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

/** Whether the tenant of a key has image automation. */
function isAutomated(plan: JudgedPlan, { tenant }: PlannedResource): boolean {
  return tenant !== undefined && ofKind(plan, "ImageUpdateAutomation").some((one) => one.tenant === tenant);
}

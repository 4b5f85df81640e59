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

/** Whether the tenant of a key has image automation that pushes to the repository, and the repository is no other's. */
function isAutomated(plan: JudgedPlan, key: PlannedResource): boolean {
  const { tenant } = key;
  const name = textAt(key, "repository").toLowerCase();
  const isForeign = ofKind(plan, "Repository").some(
    (one) => one.type.startsWith("github:") && textAt(one, "name").toLowerCase() === name && one.tenant !== tenant,
  );
  if (isForeign || tenant === undefined) return false;
  return ofKind(plan, "ImageUpdateAutomation").some((one) => one.tenant === tenant && pushesTo(plan, one, name));
}

/** Whether the source of an automation is a repository. In a first preview the engine knows neither, so each one may be. */
function pushesTo(plan: JudgedPlan, automation: PlannedResource, repository: string): boolean {
  const source = textAt(automation, "spec", "sourceRef", "name");
  const namespace = textAt(automation, "metadata", "namespace");
  return ofKind(plan, "GitRepository")
    .filter((one) => textAt(one, "metadata", "name") === source && textAt(one, "metadata", "namespace") === namespace)
    .some((one) => {
      const [, name] = /^[a-z]+:\/\/.+\/([^/]+?)(?:\.git)?\/?$/.exec(textAt(one, "spec", "url").toLowerCase()) ?? [];
      return name === undefined || name === repository || !/^[\w.-]+$/.test(repository);
    });
}

import { phrase } from "../phrase.js";
import type { PlannedResource, StackPlan } from "../planned-resource.js";
import { fieldAt, ofKind, textAt, valueText } from "./facts.js";
import type { Level } from "./levels.js";

/** The branches of rulesets, and the public keys of deploy keys: both change rights without another name. */
export function gitHubLevels(plan: StackPlan): Level[] {
  return [...ofKind(plan, "RepositoryRuleset").map(branches), ...ofKind(plan, "RepositoryDeployKey").map(publicKey)];
}

function branches(ruleset: PlannedResource): Level {
  const [repository, name] = [textAt(ruleset, "repository"), textAt(ruleset, "name")];
  const scope = [fieldAt(ruleset.inputs, "target") ?? null, fieldAt(ruleset.inputs, "conditions") ?? null];
  return {
    id: JSON.stringify(["branches", repository, name]),
    tenant: ruleset.tenant,
    value: valueText(scope),
    from: () => ({ effect: "changed", item: phrase`ruleset ${name} of ${repository} holds for other branches` }),
  };
}

function publicKey(key: PlannedResource): Level {
  const [repository, title] = [textAt(key, "repository"), textAt(key, "title")];
  return {
    id: JSON.stringify(["public key", repository, title]),
    tenant: key.tenant,
    value: valueText(fieldAt(key.inputs, "key") ?? ""),
    from: () => ({ effect: "changed", item: phrase`deploy key ${title} of ${repository} is another public key` }),
  };
}

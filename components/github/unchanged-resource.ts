import * as pulumi from "@pulumi/pulumi";
import { nameInUrn, type StatedResource } from "../../lib/state/stack-state.js";

/** Inputs of a ruleset other than its rules. */
const rulesetFields = ["name", "repository", "target", "enforcement", "conditions", "bypassActors"];

/** A resource of any type. */
class UnchangedResource extends pulumi.CustomResource {}

/** Registers a resource of GitHub as the state has it, below another component. Nothing changes on GitHub. */
export function unchangedResource(
  { urn, type, rules }: StatedResource,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  // The inputs are those of the state. GitHub's provider refuses its own defaults within the inputs of a ruleset.
  const [inputs, ignoreChanges] =
    rules === undefined ? [{}, ["*"]] : [{ rules: withoutEmptyLists(rules) }, rulesetFields];
  return new UnchangedResource(type, nameInUrn(urn), inputs, { ...opts, aliases: [urn], ignoreChanges });
}

/** GitHub's provider has an empty list in the state of a rule that names no methods, and refuses one within the inputs. */
function withoutEmptyLists(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmptyLists);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([, one]) => !(Array.isArray(one) && one.length === 0));
  return Object.fromEntries(kept.map(([key, one]) => [key, withoutEmptyLists(one)]));
}

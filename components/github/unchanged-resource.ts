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
  const [inputs, ignoreChanges] = rules === undefined ? [{}, ["*"]] : [{ rules }, rulesetFields];
  return new UnchangedResource(type, nameInUrn(urn), inputs, { ...opts, aliases: [urn], ignoreChanges });
}

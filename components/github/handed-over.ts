import * as pulumi from "@pulumi/pulumi";
import { handedOverComponent, nameInUrn, type StatedResource } from "../../lib/state/stack-state.js";

/** Inputs of a ruleset other than its rules. */
const rulesetFields = ["name", "repository", "target", "enforcement", "conditions", "bypassActors"];

/** A resource of any type. */
class KeptResource extends pulumi.CustomResource {}

/**
 * Resources of GitHub that this stack managed until now, and that another stack or their owner manages from now on. They
 * stay registered for one update, unchanged, so that the state says to keep them on GitHub. The next update then removes
 * them from the state alone. Without this step, Pulumi would archive the repositories and delete their rulesets.
 * @see https://www.pulumi.com/docs/iac/concepts/options/retainondelete/
 */
export class HandedOver extends pulumi.ComponentResource {
  constructor(name: string, resources: readonly StatedResource[], opts?: pulumi.ComponentResourceOptions) {
    super(handedOverComponent, name, {}, opts);
    for (const { urn, type, rules } of resources) {
      // The inputs are those of the state. GitHub's provider refuses its own defaults within the inputs of a ruleset.
      const [inputs, ignoreChanges] = rules === undefined ? [{}, ["*"]] : [{ rules }, rulesetFields];
      const opts = { parent: this, aliases: [urn], retainOnDelete: true, ignoreChanges };
      new KeptResource(type, nameInUrn(urn), inputs, opts);
    }
    this.registerOutputs();
  }
}

import * as pulumi from "@pulumi/pulumi";
import { handedOverComponent, type StatedResource } from "../../lib/state/stack-state.js";
import { unchangedResource } from "./unchanged-resource.js";

/**
 * Resources of GitHub that this stack managed until now, and that another stack or their owner manages from now on. They
 * stay registered for one update, unchanged, so that the state says to keep them on GitHub. The next update then removes
 * them from the state alone. Without this step, Pulumi would archive the repositories and delete their rulesets.
 * @see https://www.pulumi.com/docs/iac/concepts/options/retainondelete/
 */
export class HandedOver extends pulumi.ComponentResource {
  constructor(name: string, resources: readonly StatedResource[], opts?: pulumi.ComponentResourceOptions) {
    super(handedOverComponent, name, {}, opts);
    for (const resource of resources) unchangedResource(resource, { parent: this, retainOnDelete: true });
    this.registerOutputs();
  }
}

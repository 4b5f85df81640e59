import { SHARD_LABEL, SHARDING_KEY } from "../../lib/kubernetes/shards.js";
import { fluxSources, helmReleases, kustomizations } from "../kinds.js";
import { cel, isNewOrChanges } from "./cel/cel.js";
import { createOrUpdate, type PolicyDefinition, type Validation } from "./cel/policy.js";
import { notThePlatform } from "./cel/principals.js";

/** CEL that is true when labels have the key of the namespace's shard, or none where the namespace has no shard. */
function carryShard(labels: string): string {
  const key = `'${SHARDING_KEY}'`;
  return cel`(variables.shard == '' ? !(${key} in ${labels}) : ${labels}[?${key}].orValue('') == variables.shard)`;
}

/** @param place the labels in a manifest, `metadata.labels` */
function message(place: string): Pick<Validation, "message" | "messageExpression"> {
  return {
    message: `${place} must name the shard of this namespace: set ${SHARDING_KEY} to it, or remove it where there is none`,
    messageExpression: cel`
      variables.shard == ''
        ? '${place} names a shard, and this namespace is in none: remove ${SHARDING_KEY}'
        : '${place} must name the shard of this namespace: set ${SHARDING_KEY}: ' + variables.shard
    `,
  };
}

/**
 * The policy on the label by which Flux's controllers divide objects, for stacks with shards. Without it, a tenant could
 * have its objects reconciled by the main controllers, or by those of a neighbour's shard, and end them. The shard is a
 * label of the namespace, which only the platform writes.
 *
 * A HelmRelease makes a HelmChart with the labels in `spec.chart.metadata`, so these are checked with the release: a
 * refusal of the chart alone would show late. Objects whose spec and labels stay pass, so that the controllers of a
 * former shard can still report on them and let them go.
 */
export const shards: PolicyDefinition = {
  name: "fleet-shards",
  resourceRules: createOrUpdate(fluxSources, kustomizations, helmReleases),
  matchConditions: {
    ...notThePlatform,
    "spec-or-labels-change": isNewOrChanges("spec", "metadata.?labels.orValue({})"),
  },
  variables: {
    shard: `namespaceObject.metadata.?labels[?'${SHARD_LABEL}'].orValue('')`,
    labels: "object.metadata.?labels.orValue({})",
    chartLabels: "object.spec.?chart.?metadata.?labels.orValue({})",
  },
  validations: [
    { expression: carryShard("variables.labels"), ...message("metadata.labels") },
    {
      expression: cel`
        object.kind != 'HelmRelease'
        || !has(object.spec.chart)
        || ${carryShard("variables.chartLabels")}
      `,
      ...message("spec.chart.metadata.labels"),
    },
  ],
};

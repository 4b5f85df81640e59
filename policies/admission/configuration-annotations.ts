import { kinds } from "../kinds.js";
import { FREE_PREFIXES } from "./annotations/known-annotations.js";
import { unknownAnnotations } from "./annotations/listed-keys.js";
import { annotationsField, cel, isNewOrChanges } from "./cel/cel.js";
import { createOrUpdate, type PolicyDefinition } from "./cel/policy.js";
import { byOwnAccount } from "./cel/principals.js";

/** Annotations of ConfigMaps and Secrets beside those of tools that deploy: they restart the tenant's own workloads, or
 * elect a leader among its pods. */
const harmless = ["control-plane.alpha.kubernetes.io/leader", "kubernetes.io/description", "reloader.stakater.com/*"];

/**
 * The policy on annotations of ConfigMaps and Secrets that a tenant's own accounts set. Controllers that copy such
 * objects into other namespaces obey annotations: a tenant could write into its neighbour's namespace, over what is
 * there, or fill its own Secret from another. Every controller has its own, so the known ones are listed.
 * @param allowed keys, or `PREFIX/*`, that the stack leaves to the tenants
 * @see https://github.com/emberstack/kubernetes-reflector
 * @see https://github.com/mittwald/kubernetes-replicator
 */
export function configurationAnnotations(allowed: readonly string[]): PolicyDefinition {
  const free = FREE_PREFIXES.map((prefix) => `${prefix}/*`);
  return {
    name: "fleet-configuration-annotations",
    resourceRules: createOrUpdate(kinds("", "configmaps", "secrets")),
    matchConditions: { ...byOwnAccount, "annotations-change": isNewOrChanges(annotationsField) },
    variables: { unknown: unknownAnnotations([...free, ...harmless, ...allowed]) },
    validations: [
      {
        expression: "variables.unknown.size() == 0",
        message:
          "annotations of ConfigMaps and Secrets must be known to concern this namespace only: remove them, write them without a prefix, or ask the platform team to allow them (fleet:allowedAnnotations)",
        messageExpression: cel`
          'the annotations ' + variables.unknown.join(', ') + ' are not known to concern this namespace only: remove '
          + 'them, write them without a prefix, or ask the platform team to allow them (fleet:allowedAnnotations)'
        `,
      },
    ],
  };
}

import { FOLDER_ANNOTATION } from "../../config/addons/field-rule.js";
import { kinds } from "../kinds.js";
import { FREE_PREFIXES } from "./annotations/known-annotations.js";
import { isListed, unknownAnnotations } from "./annotations/listed-keys.js";
import { annotationsField, cel, entryChanges, isNewOrChanges } from "./cel/cel.js";
import { createOrUpdate, type PolicyDefinition } from "./cel/policy.js";
import { byOwnAccount } from "./cel/principals.js";

/**
 * Annotations beside those of tools that deploy: they restart the tenant's own workloads, elect a leader among its pods,
 * or are fields of an older version of autoscalers.
 */
const harmless = [
  "autoscaling.alpha.kubernetes.io/*",
  "control-plane.alpha.kubernetes.io/leader",
  "kubernetes.io/description",
  // Of tokens, about which `platformAccounts` decides.
  "kubernetes.io/service-account.name",
  "kubernetes.io/service-account.uid",
  "reloader.stakater.com/*",
];

/**
 * CEL of the new or changed annotations without a prefix that name a folder for a program which reads the ConfigMaps and
 * Secrets of all namespaces: of Grafana's sidecar, which accepts any path.
 */
function folders(allowed: readonly string[]): string {
  return cel`
    ['${FOLDER_ANNOTATION}'].filter(
      key,
      key in object.${annotationsField}
      && !${isListed(allowed)}
      && (request.operation == 'CREATE' || ${entryChanges(`oldObject.${annotationsField}`, "object.metadata.annotations")})
    )
  `;
}

/**
 * The policy on annotations of ConfigMaps, Secrets and autoscalers that a tenant's own accounts set. Controllers that
 * copy such objects into other namespaces obey annotations: a tenant could write into its neighbour's namespace, over
 * what is there, or fill its own Secret from another. Programs that load files from ConfigMaps take a folder of their own
 * file system from one. Sources of metrics take queries from annotations of autoscalers,
 * and show the results in the status. Every controller has its own annotations, so the known ones are listed.
 * @param allowed keys, or `PREFIX/*`, that the stack leaves to the tenants
 * @see https://github.com/emberstack/kubernetes-reflector
 * @see https://github.com/mittwald/kubernetes-replicator
 * @see https://github.com/zalando-incubator/kube-metrics-adapter
 */
export function configurationAnnotations(allowed: readonly string[]): PolicyDefinition {
  const free = FREE_PREFIXES.map((prefix) => `${prefix}/*`);
  return {
    name: "fleet-configuration-annotations",
    resourceRules: createOrUpdate(kinds("", "configmaps", "secrets"), kinds("autoscaling", "horizontalpodautoscalers")),
    matchConditions: { ...byOwnAccount, "annotations-change": isNewOrChanges(annotationsField) },
    variables: {
      unknown: `${unknownAnnotations([...free, ...harmless, ...allowed])} + ${folders(allowed)}`,
    },
    validations: [
      {
        expression: "variables.unknown.size() == 0",
        message:
          "annotations of ConfigMaps, Secrets and autoscalers must be known to concern this namespace only: remove them, write them without a prefix, or ask the platform team to allow them (fleet:allowedAnnotations)",
        messageExpression: cel`
          'the annotations ' + variables.unknown.join(', ') + ' are not known to concern this namespace only: remove '
          + 'them, write them without a prefix, or ask the platform team to set fleet:allowedAnnotations: ['
          + variables.unknown.join(', ') + ']'
        `,
      },
    ],
  };
}

import type { FleetSpec } from "../../config/fleet-spec.js";
import { isListed } from "./annotations/listed-keys.js";
import { cel, celList, entryChanges, isNewOrChanges } from "./cel/cel.js";
import { allKinds, createOrUpdate, type PolicyDefinition } from "./cel/policy.js";
import { byOwnAccount } from "./cel/principals.js";
import { KNOWN_LABELS, LABEL_PREFIXES, REFUSED_LABELS } from "./labels/known-labels.js";

type Settings = Pick<FleetSpec["admission"], "labels" | "podAnnotations">;

/** Kinds whose `spec.template` is one of pods, each as `GROUP/RESOURCE/SUBRESOURCE`. */
const withPodTemplate = [
  "/replicationcontrollers/",
  ...["daemonsets", "deployments", "replicasets", "statefulsets"].map((name) => `apps/${name}/`),
  "batch/jobs/",
];

/** CEL of the templates of claims in the spec of a pod. */
function claimTemplates(pod: string): string {
  return `${pod}.?volumes.orValue([]).filter(one, has(one.ephemeral)).map(one, one.ephemeral.volumeClaimTemplate)`;
}

/** CEL of everything in an object from which a controller creates other objects, with their metadata. */
function templatesOf(object: string): string {
  const ofCronJob = `${object}.spec.jobTemplate`;
  const ofPods = `${object}.spec.template`;
  return cel`
    variables.kind == '/pods/' ? ${claimTemplates(`${object}.spec`)}
    : variables.kind == 'batch/cronjobs/' ? [${ofCronJob}, ${ofCronJob}.spec.template]
      + ${claimTemplates(`${ofCronJob}.spec.template.spec`)}
    : variables.kind in ${celList(withPodTemplate)} ? [${ofPods}] + ${object}.spec.?volumeClaimTemplates.orValue([])
      + ${claimTemplates(`${ofPods}.spec`)}
    : []
  `;
}

/**
 * CEL of the maps of labels that an object has beside its own: in templates, in the Services that Flagger creates from
 * a Canary, and in the selector of a Service, by which controllers find out whose Service it is.
 */
function labelsWithin(object: string): string {
  return cel`
    variables.kind == '/services/' ? [${object}.spec.?selector.orValue({})]
    : variables.kind == 'flagger.app/canaries/'
      ? ['apex', 'canary', 'primary'].map(name, ${object}.spec.?service[?name].?labels.orValue({}))
    : variables.templates${object === "object" ? "" : "Before"}.map(one, one.?metadata.?labels.orValue({}))
  `;
}

const ownLabels = "?metadata.?labels.orValue({})";

/**
 * The labels of an object and of the objects within it that are not known, and that it did not have before.
 * @param allowed keys, or `PREFIX/*`
 */
function unknownLabels(allowed: readonly string[]) {
  const prefixes = LABEL_PREFIXES.map((prefix) => `${prefix}/*`);
  const isKnown = cel`
    (
      (key.matches('^[^/.]+$') && !(key in ${celList(REFUSED_LABELS)}))
      || ${isListed([...prefixes, ...KNOWN_LABELS, ...allowed])}
    )
  `;
  return {
    unknown: cel`
      object.${ownLabels}.map(key, key).filter(
        key,
        !${isKnown} && (variables.isNew || ${entryChanges(`oldObject.${ownLabels}`, "object.metadata.labels")})
      )
    `,
    unknownWithin: cel`
      variables.within.map(
        labels,
        labels.map(key, key).filter(
          key,
          !${isKnown}
          && !(key in variables.unknown)
          && !variables.before.exists(old, key in old && old[key] == labels[key])
        ).join(', ')
      ).filter(keys, keys != '')
    `,
  };
}

/**
 * The policy on labels that a tenant's own accounts set, on objects of every kind and in templates. Controllers and
 * agents of the whole cluster obey labels: they offer a Service to other clusters, take a pod for a gateway, or find
 * the network policies of a pod by them. Each has labels of its own, so those are listed that are known to concern
 * their own object. A key without a prefix and a period is free, because workloads are selected by such labels. Labels
 * that were there before the policy may stay.
 * @param admission.labels labels beside those that are known: keys, or `PREFIX/*`
 * @param admission.podAnnotations the same; an older setting, which names labels of pods too
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 * @see https://github.com/cilium/cilium/security/advisories/GHSA-gj2r-phwg-6rww
 */
export function labels({ labels, podAnnotations }: Settings): PolicyDefinition {
  return {
    name: "fleet-labels",
    resourceRules: createOrUpdate(allKinds),
    matchConditions: { ...byOwnAccount, "labels-or-spec-change": isNewOrChanges("?metadata.?labels", "?spec") },
    variables: {
      kind: "request.resource.group + '/' + request.resource.resource + '/' + request.?subResource.orValue('')",
      isNew: "request.operation == 'CREATE'",
      templates: templatesOf("object"),
      templatesBefore: `variables.isNew ? [] : ${templatesOf("oldObject")}`,
      within: labelsWithin("object"),
      before: `variables.isNew ? [] : ${labelsWithin("oldObject")}`,
      ...unknownLabels([...labels, ...podAnnotations]),
      refused: "(variables.unknown + variables.unknownWithin).join(', ')",
    },
    validations: [
      {
        expression: "variables.refused == ''",
        message:
          "labels must be known to concern their own object alone, because controllers of the whole cluster obey labels: remove them, write them without a prefix and a period, or ask the platform team to allow them (fleet:allowedLabels)",
        messageExpression: cel`
          variables.refused.contains('fleet.dev/')
          ? 'the labels ' + variables.refused + ' mark the platform\'s own objects: remove them from your object'
          : 'the labels ' + variables.refused + ' are not known to concern their own object alone: remove them, write '
          + 'them without a prefix and a period, or ask the platform team to set fleet:allowedLabels: ['
          + variables.refused + ']'
        `,
      },
    ],
  };
}

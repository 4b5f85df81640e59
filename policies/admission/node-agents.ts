import type { FleetSpec } from "../../config/fleet-spec.js";
import { isListed } from "./annotations/listed-keys.js";
import { POD_ANNOTATIONS, POD_DOMAINS, REFUSED_POD_ANNOTATIONS } from "./annotations/pod-annotations.js";
import { annotationsField, cel, celList, entryChanges, isNewOrChanges, keyMatches } from "./cel/cel.js";
import { pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import type { PolicyDefinition, Validation } from "./cel/policy.js";
import { fromTemplate, ownAccount } from "./cel/principals.js";

/**
 * Domains of labels that agents of a node obey, each with all domains below it. CRI-O's are whole keys. Annotations of
 * these are refused as well; of annotations, the known ones are listed instead.
 */
const domains = [
  // Network plugins: further networks, and addresses of choice.
  ...["antrea.io", "cilium.io", "cni.cncf.io", "danm.io", "multus-cni.io", "networking.gke.io", "ovn.kubernetes.io"],
  ...["ovn.org", "projectcalico.org", "spidernet.io", "vpc.amazonaws.com"],
  // Agents that hand out identities of a cloud: kube2iam, kiam.
  "iam.amazonaws.com",
  // Container runtimes and their plugins: devices of the node, mounts, limits.
  ...["cdi.k8s.io", "crio.io", "noderesource.dev", "nri.io"],
  // Kubelets and schedulers of earlier versions.
  "scheduler.alpha.kubernetes.io",
];

/** Beginnings of such keys whose domain is not before a slash: of containerd, crun, Kata Containers, CRI-O and runc. */
const prefixes = [
  "io.containerd.",
  "io.containers.",
  "io.katacontainers.",
  "io.kubernetes.cri",
  "org.systemd.property.",
  "run.oci.",
];

/** Such keys without a domain: of AAD pod identity. */
const names = ["aadpodidbinding"];

const oneOf = (values: readonly string[]) => `(${values.map((value) => value.replaceAll(".", "\\.")).join("|")})`;
/** Keys that no pod may have, as a label or as an annotation. */
const obeyed = `^(([^/]+\\.)?${oneOf(domains)}(/|$)|${oneOf(prefixes)}|${oneOf(names)}$)`;

/** Annotations that are known to concern their pod alone. A key without prefix and period is private to its user. */
const known = `^(([^/]+\\.)?${oneOf(POD_DOMAINS)}/|${oneOf(POD_ANNOTATIONS)}$|[^/.]+$)`;

const labelsField = "metadata.?labels.orValue({})";

/** CEL of the metadata of a pod, or of a template of pods. */
function metadataOf(object: string): string {
  return cel`
    variables.isPod ? ${object}.metadata
    : request.resource.resource == 'cronjobs' ? ${object}.spec.jobTemplate.spec.template.?metadata.orValue({})
    : ${object}.spec.template.?metadata.orValue({})
  `;
}

/** CEL of the keys of a map in the metadata that are new or changed. @param field `annotations` or `labels` */
function newKeys(field: string): string {
  return cel`
    variables.metadata.?${field}.orValue({}).map(key, key).filter(
      key,
      !variables.isPod
      || request.operation == 'CREATE'
      || ${entryChanges(`oldObject.metadata.?${field}.orValue({})`, `object.metadata.${field}`)}
    )
  `;
}

const annotationsAreKnown: readonly Validation[] = [
  {
    expression: "!variables.checked || variables.obeyed.size() == 0",
    message:
      "pods must not have annotations or labels that a network plugin, a container runtime or an identity agent of the node obeys: remove them, or ask the platform team (fleet:podAnnotations)",
  },
  {
    expression: "!variables.checked || variables.unknown.size() == 0",
    message:
      "annotations of pods must be known to concern the pod alone, because agents of nodes obey annotations: remove them, or ask the platform team to allow them (fleet:podAnnotations)",
    messageExpression: cel`
          'the annotations ' + variables.unknown.join(', ') + ' of pods are not known to concern the pod alone: remove '
          + 'them, write them without a prefix, or ask the platform team to allow them (fleet:podAnnotations)'
        `,
  },
];

type Settings = Pick<FleetSpec["admission"], "runtimeClasses" | "podAnnotations">;

/**
 * The policy on settings of a pod that agents of its node obey beyond its spec: the runtime class, and annotations and
 * labels by which network plugins, identity agents and container runtimes give a pod another network, an address, a
 * role in a cloud, or a device of the node. Every agent has its own annotations, so a pod may have those that are known
 * to concern it alone. Labels of any name are how workloads are selected, so of labels the known dangerous ones are
 * refused. Agents annotate running pods under other names, and webhooks annotate pods at their creation. So keys are
 * checked in templates, and on pods only in requests of the namespace's own accounts.
 * @param settings.runtimeClasses RuntimeClasses that pods may name
 * @param settings.podAnnotations annotations and labels that pods may have nevertheless: keys, or `PREFIX/*`
 * @see https://github.com/k8snetworkplumbingwg/multus-cni/blob/master/docs/quickstart.md
 * @see https://docs.tigera.io/calico/latest/reference/configure-cni-plugins
 * @see https://github.com/cncf-tags/container-device-interface
 * @see https://kubernetes.io/docs/concepts/containers/runtime-class/
 */
export function nodeAgents({ runtimeClasses, podAnnotations }: Settings): PolicyDefinition {
  const listed = isListed(podAnnotations);
  const otherwise = runtimeClasses.length === 0 ? "" : `set it to one of ${runtimeClasses.join(", ")}, or `;
  return {
    name: "fleet-node-agents",
    resourceRules: podTemplateKinds(),
    matchConditions: {
      "spec-or-metadata-changes": isNewOrChanges("spec", annotationsField, labelsField),
      "not-from-a-template": `!(${fromTemplate})`,
    },
    variables: {
      ownAccount,
      pod,
      isPod: "request.resource.resource == 'pods'",
      metadata: metadataOf("object"),
      oldMetadata: metadataOf("oldObject"),
      checked: "!variables.isPod || variables.ownAccount",
      annotationKeys: newKeys("annotations"),
      obeyed: cel`
        (variables.annotationKeys + ${newKeys("labels")}).filter(key, ${keyMatches(obeyed)} && !${listed})
      `,
      // What a template had before the policy may stay.
      unknown: cel`
        variables.annotationKeys.filter(
          key,
          (!${keyMatches(known)} || key in ${celList(REFUSED_POD_ANNOTATIONS)})
          && !${listed}
          && (
            request.operation == 'CREATE'
            || ${entryChanges("variables.oldMetadata.?annotations.orValue({})", "variables.metadata.annotations")}
          )
        )
      `,
    },
    validations: [
      {
        // The class of a running pod cannot be changed any more.
        expression: cel`
          (variables.isPod && request.operation == 'UPDATE')
          || variables.pod.?runtimeClassName.orValue('') in ${celList(["", ...runtimeClasses])}
        `,
        message: `pods must run in the container runtime that the platform offers: remove runtimeClassName, or ${otherwise}ask the platform team (fleet:runtimeClasses)`,
      },
      ...annotationsAreKnown,
    ],
  };
}

import type { FleetSpec } from "../../config/fleet-spec.js";
import { isListed } from "./annotations/listed-keys.js";
import { POD_ANNOTATIONS, POD_DOMAINS, REFUSED_POD_ANNOTATIONS } from "./annotations/pod-annotations.js";
import { annotationsField, cel, celList, entryChanges, isNewOrChanges, keyMatches } from "./cel/cel.js";
import { containers, pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
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

/**
 * Annotations whose value may name an object of any namespace: the operator of OpenTelemetry copies its variables and
 * its configuration, tokens included, into the pod.
 * @see https://github.com/open-telemetry/opentelemetry-operator#opentelemetry-auto-instrumentation-injection
 */
const references = "^(instrumentation|sidecar)\\.opentelemetry\\.io/inject";

/** The beginning of annotations by which older charts set AppArmor, with the name of a container. */
const appArmorAnnotation = "container.apparmor.security.beta.kubernetes.io/";

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

/** CEL of the names of profiles on the node that a security context names, each as a list. @param field of the context */
function localhostProfiles(field: string): string {
  return cel`
    (
      (variables.containers + variables.pod.?ephemeralContainers.orValue([])).map(one, one.?securityContext.?${field})
      + [variables.pod.?securityContext.?${field}]
    )
      .filter(profile, profile.?type.orValue('') == 'Localhost')
      .map(profile, profile.?localhostProfile.orValue(''))
  `;
}

/** The rule on profiles that are on the node, and that the author of a pod could choose, also a permissive one. */
function ofListedProfile(listed: readonly string[]): Validation {
  const otherwise = listed.length === 0 ? "" : `name one of ${listed.join(", ")}, or `;
  return {
    expression: cel`
      (variables.isPod && request.operation == 'UPDATE' && request.?subResource.orValue('') == '')
      || variables.profiles.all(name, name in ${celList(listed)})
    `,
    message: `pods must not choose a profile of the node, because it may confine less than the runtime's own: set seccompProfile.type and appArmorProfile.type to RuntimeDefault, or ${otherwise}ask the platform team (fleet:localhostProfiles)`,
  };
}

const annotationsAreKnown: readonly Validation[] = [
  {
    expression: "!variables.checked || variables.obeyed.size() == 0",
    message:
      "pods must not have annotations or labels that a network plugin, a container runtime or an identity agent of the node obeys: remove them, or ask the platform team (fleet:podAnnotations)",
    messageExpression: cel`
          'pods must not have annotations or labels that a network plugin, a container runtime or an identity agent of '
          + 'the node obeys: remove them, or ask the platform team to set fleet:podAnnotations: ['
          + variables.obeyed.join(', ') + ']'
        `,
  },
  {
    expression: "!variables.checked || variables.elsewhere.size() == 0",
    message:
      "annotations of pods must refer to objects of this namespace: remove the namespace from their values, or ask the platform team (fleet:podAnnotations)",
    messageExpression: cel`
          'annotations of pods must refer to objects of this namespace: remove the namespace from the values of '
          + variables.elsewhere.join(', ') + ', or ask the platform team to set fleet:podAnnotations: ['
          + variables.elsewhere.join(', ') + ']'
        `,
  },
  {
    expression: "!variables.checked || variables.unknown.size() == 0",
    message:
      "annotations of pods must be known to concern the pod alone, because agents of nodes obey annotations: remove them, or ask the platform team to allow them (fleet:podAnnotations)",
    messageExpression: cel`
          'the annotations ' + variables.unknown.join(', ') + ' of pods are not known to concern the pod alone: remove '
          + 'them, write them without a prefix, or ask the platform team to set fleet:podAnnotations: ['
          + variables.unknown.join(', ') + ']'
        `,
  },
];

type Settings = Pick<FleetSpec["admission"], "runtimeClasses" | "podAnnotations" | "labels" | "localhostProfiles">;

/** Keys that agents obey, and annotations that lead an agent to another namespace. */
function keysOfAgents({ podAnnotations, labels }: Settings) {
  const listed = isListed(podAnnotations);
  return {
    annotationKeys: newKeys("annotations"),
    obeyed: cel`
      variables.annotationKeys.filter(key, ${keyMatches(obeyed)} && !${listed})
      + ${newKeys("labels")}.filter(key, ${keyMatches(obeyed)} && !${isListed([...podAnnotations, ...labels])})
    `,
    elsewhere: cel`
      variables.annotationKeys.filter(
        key,
        ${keyMatches(references)}
        && variables.metadata.annotations[key].contains('/')
        && !variables.metadata.annotations[key].startsWith(request.namespace + '/')
        && !${listed}
      )
    `,
  };
}

/** The profiles of seccomp and AppArmor on the node that a pod names. */
const nodeProfiles = cel`
  ${localhostProfiles("seccompProfile")}
  + ${localhostProfiles("appArmorProfile")}
  + variables.metadata.?annotations.orValue({}).map(key, key)
    .filter(key, key.startsWith('${appArmorAnnotation}'))
    .map(key, variables.metadata.annotations[key])
    .filter(profile, !(profile in ['', 'runtime/default']))
    .map(profile, profile.replace('localhost/', '', 1))
`;

/** Annotations that are not known to concern the pod alone. A template may keep those from before the policy. */
function unknownAnnotations(podAnnotations: Settings["podAnnotations"]): string {
  return cel`
    variables.annotationKeys.filter(
      key,
      (!${keyMatches(known)} || key in ${celList(REFUSED_POD_ANNOTATIONS)})
      && !${isListed(podAnnotations)}
      && (
        request.operation == 'CREATE'
        || ${entryChanges("variables.oldMetadata.?annotations.orValue({})", "variables.metadata.annotations")}
      )
    )
  `;
}

/**
 * The policy on settings of a pod that agents of its node obey beyond its spec: the runtime class, and annotations and
 * labels by which network plugins, identity agents and container runtimes give a pod another network, an address, a
 * role in a cloud, or a device of the node. Every agent has its own annotations, so a pod may have those that are known
 * to concern it alone. Of labels, the known dangerous ones are refused here to every author of a template; `labels`
 * has a list of those that a tenant may set. Agents annotate running pods under other names, and webhooks annotate pods
 * at their creation. So keys are checked in templates, and on pods only in requests of the namespace's own accounts.
 *
 * A profile of seccomp or AppArmor on the node is a setting of that kind too. Pod Security admits every such profile. A
 * debugger in a running pod chooses its own.
 * @param settings.runtimeClasses RuntimeClasses that pods may name
 * @param settings.podAnnotations annotations and labels that pods may have nevertheless: keys, or `PREFIX/*`
 * @param settings.labels the same, for labels
 * @param settings.localhostProfiles profiles of the node that pods may name
 * @see https://github.com/k8snetworkplumbingwg/multus-cni/blob/master/docs/quickstart.md
 * @see https://docs.tigera.io/calico/latest/reference/configure-cni-plugins
 * @see https://github.com/cncf-tags/container-device-interface
 * @see https://kubernetes.io/docs/concepts/containers/runtime-class/
 */
export function nodeAgents(settings: Settings): PolicyDefinition {
  const { runtimeClasses, podAnnotations, localhostProfiles: profiles } = settings;
  const otherwise = runtimeClasses.length === 0 ? "" : `set it to one of ${runtimeClasses.join(", ")}, or `;
  return {
    name: "fleet-node-agents",
    resourceRules: podTemplateKinds("ephemeralcontainers"),
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
      ...keysOfAgents(settings),
      containers,
      profiles: nodeProfiles,
      unknown: unknownAnnotations(podAnnotations),
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
      ofListedProfile(profiles),
      ...annotationsAreKnown,
    ],
  };
}

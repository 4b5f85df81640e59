import type { FleetSpec } from "../../config/fleet-spec.js";
import { annotationsField, cel, celList, isNewOrChanges, keyMatches } from "./cel/cel.js";
import { pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import type { PolicyDefinition } from "./cel/policy.js";
import { fromTemplate, ownAccount } from "./cel/principals.js";

/** Domains of annotations and labels that agents of a node obey, each with all domains below it. CRI-O's are whole keys. */
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
const obeyed = `^(([^/]+\\.)?${oneOf(domains)}(/|$)|${oneOf(prefixes)}|${oneOf(names)}$)`;

const labelsField = "metadata.?labels.orValue({})";

/** CEL of the keys of a map in the metadata that are new or changed. @param field `annotations` or `labels` */
function newKeys(field: string): string {
  return cel`
    variables.metadata.?${field}.orValue({}).map(key, key).filter(
      key,
      !variables.isPod
      || request.operation == 'CREATE'
      || oldObject.metadata.?${field}[?key].orValue('') != object.metadata.${field}[key]
    )
  `;
}

type Settings = Pick<FleetSpec["admission"], "runtimeClasses" | "podAnnotations">;

/**
 * The policy on settings of a pod that agents of its node obey beyond its spec: the runtime class, and annotations and
 * labels by which network plugins, identity agents and container runtimes give a pod another network, an address, a
 * role in a cloud, or a device of the node. Agents annotate running pods under other names, and webhooks annotate pods
 * at their creation. So keys are checked in templates, and on pods only in requests of the namespace's own accounts.
 * @param settings.runtimeClasses RuntimeClasses that pods may name
 * @param settings.podAnnotations annotations and labels that pods may have nevertheless
 * @see https://github.com/k8snetworkplumbingwg/multus-cni/blob/master/docs/quickstart.md
 * @see https://docs.tigera.io/calico/latest/reference/configure-cni-plugins
 * @see https://github.com/cncf-tags/container-device-interface
 * @see https://kubernetes.io/docs/concepts/containers/runtime-class/
 */
export function nodeAgents({ runtimeClasses, podAnnotations }: Settings): PolicyDefinition {
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
      metadata: cel`
        variables.isPod ? object.metadata
        : request.resource.resource == 'cronjobs' ? object.spec.jobTemplate.spec.template.?metadata.orValue({})
        : object.spec.template.?metadata.orValue({})
      `,
      keys: `${newKeys("annotations")} + ${newKeys("labels")}`,
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
      {
        expression: cel`
          (variables.isPod && !variables.ownAccount)
          || variables.keys.all(key, !${keyMatches(obeyed)} || key in ${celList(podAnnotations)})
        `,
        message:
          "pods must not have annotations or labels that a network plugin, a container runtime or an identity agent of the node obeys: remove them, or ask the platform team (fleet:podAnnotations)",
      },
    ],
  };
}

import { pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import { type AdmissionPolicy, admissionPolicy, celList, type PolicyContext, specChanges } from "./cel/policy.js";
import { kubernetes } from "./cel/principals.js";

/** What keys of taints begin with that keep every tenant away: from the control plane, and from nodes that are to go. */
const reservedTaints: readonly string[] = [
  "node-role.kubernetes.io/",
  "node.kubernetes.io/",
  "node.cloudprovider.kubernetes.io/",
  "karpenter.sh/",
  "ToBeDeletedByClusterAutoscaler",
];

/** Of these, what Kubernetes puts on pods before policies are asked, and what says how soon a pod leaves a lost node. */
const commonTolerations: readonly string[] = [
  "node.kubernetes.io/not-ready",
  "node.kubernetes.io/unreachable",
  "node.kubernetes.io/memory-pressure",
];

/**
 * Which nodes tenants' pods run on: those that the scheduler chooses.
 *
 * A pod that names its node is asked of no scheduler: it runs on the control plane, and on nodes that are being drained,
 * whatever taints they have. So does one that tolerates every taint, or those of Kubernetes' own.
 *
 * The DaemonSet controller puts tolerations of its own on the pods that it makes, so the template alone is looked at
 * there. What keeps a pool of nodes for one tenant is a taint that this knows nothing of.
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions
 * @see https://karpenter.sh/docs/concepts/disruption/
 */
export function nodes({ labels, mode }: PolicyContext): AdmissionPolicy {
  return admissionPolicy({
    name: "fleet-nodes",
    labels,
    mode,
    resourceRules: podTemplateKinds(),
    matchConditions: [specChanges],
    variables: [
      kubernetes,
      pod,
      { name: "keptFree", expression: celList(reservedTaints) },
      { name: "everybodys", expression: celList(commonTolerations) },
      {
        // Whoever may change a pod may add tolerations, and take none away.
        name: "tolerations",
        expression:
          "variables.pod.?tolerations.orValue([]).filter(one, request.resource.resource != 'pods' || request.operation == 'CREATE' || !(one in oldObject.spec.?tolerations.orValue([])))",
      },
      { name: "keys", expression: "variables.tolerations.map(one, one.?key.orValue(''))" },
    ],
    validations: [
      {
        // A pod that runs has a node, which nobody can change any more.
        expression:
          "variables.pod.?nodeName.orValue('') == '' || (request.resource.resource == 'pods' && request.operation == 'UPDATE')",
        message:
          "pods must be given to a node by the scheduler: remove nodeName, and choose nodes by nodeSelector or affinity",
      },
      {
        expression:
          "(request.resource.resource == 'pods' && variables.kubernetes) || variables.keys.all(key, key != '' && (key in variables.everybodys || !variables.keptFree.exists(one, key.startsWith(one))))",
        message: `pods must keep off the control plane and nodes that are to go: write the key of every toleration, and remove those of ${reservedTaints.map((key) => `${key}${key.endsWith("/") ? "*" : ""}`).join(", ")} but ${commonTolerations.map((key) => key.replace("node.kubernetes.io/", "")).join(", ")}`,
      },
    ],
  });
}

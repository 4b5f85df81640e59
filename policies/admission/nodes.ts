import { cel, celList, specChanges } from "./cel/cel.js";
import { pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import type { PolicyDefinition } from "./cel/policy.js";
import { kubernetes } from "./cel/principals.js";

/** Prefixes of taints that keep all tenants away: from the control plane, and from nodes that are being removed. */
const reservedTaints = [
  "node-role.kubernetes.io/",
  "node.kubernetes.io/",
  "node.cloudprovider.kubernetes.io/",
  "karpenter.sh/",
  "ToBeDeletedByClusterAutoscaler",
];

/**
 * Taints of node.kubernetes.io/ that tenants' pods may tolerate: Kubernetes adds these tolerations before policies are
 * evaluated, or they set how soon a pod leaves a lost node.
 */
const commonTolerations = ["not-ready", "unreachable", "memory-pressure"];

/**
 * The policy on the nodes of tenants' pods: the scheduler chooses them. A pod that names its node bypasses the
 * scheduler: it runs on the control plane and on nodes that are being drained, whatever taints they have. So does a pod
 * that tolerates every taint, or those of Kubernetes' own. The DaemonSet controller adds tolerations to its pods, so
 * only the template is checked there. A node pool for one tenant is kept by a taint that this policy does not know.
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions
 * @see https://karpenter.sh/docs/concepts/disruption/
 */
export const nodes: PolicyDefinition = {
  name: "fleet-nodes",
  resourceRules: podTemplateKinds(),
  matchConditions: specChanges,
  variables: {
    kubernetes,
    pod,
    keptFree: celList(reservedTaints),
    everybodys: celList(commonTolerations.map((name) => `node.kubernetes.io/${name}`)),
    // An update of a pod may add tolerations, and cannot remove any.
    tolerations: cel`
      variables.pod.?tolerations.orValue([]).filter(
        one,
        request.resource.resource != 'pods'
        || request.operation == 'CREATE'
        || !(one in oldObject.spec.?tolerations.orValue([]))
      )
    `,
    keys: "variables.tolerations.map(one, one.?key.orValue(''))",
  },
  validations: [
    {
      // A running pod has a node, which cannot be changed any more.
      expression: cel`
        variables.pod.?nodeName.orValue('') == ''
        || (request.resource.resource == 'pods' && request.operation == 'UPDATE')
      `,
      message: "the scheduler must choose the node of a pod: remove nodeName, and use nodeSelector or affinity",
    },
    {
      expression: cel`
        (request.resource.resource == 'pods' && variables.kubernetes)
        || variables.keys.all(
          key,
          key != ''
          && (key in variables.everybodys || !variables.keptFree.exists(one, key.startsWith(one)))
        )
      `,
      message: `pods must not run on the control plane, or on nodes that are being removed: set the key of every toleration, and remove those of ${reservedTaints.map((key) => key.replace(/\/$/, "/*")).join(", ")} except ${commonTolerations.join(", ")}`,
    },
  ],
};

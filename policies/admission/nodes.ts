import type { FleetSpec } from "../../config/fleet-spec.js";
import { cel, celList, specChanges } from "./cel/cel.js";
import { pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import type { PolicyDefinition } from "./cel/policy.js";
import { fromTemplate } from "./cel/principals.js";

/** Taints of a lost node. Every pod tolerates them for a while, and sets how soon it leaves the node. */
const lostNode = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/** Taint that Kubernetes lets pods with requests tolerate, before policies are evaluated. */
const memoryPressure = "node.kubernetes.io/memory-pressure";

/**
 * The policy on the nodes of tenants' pods: the scheduler chooses them. A pod that names its node bypasses the
 * scheduler: it runs on the control plane and on nodes that are being drained, whatever taints they have. So does a pod
 * that tolerates their taints, and a pod on a node whose network is not ready is without its network policy. Taints
 * also keep a pool of nodes for one tenant. So pods tolerate only the taints of a lost node and those that the stack
 * lists. Pods of checked templates pass, because the DaemonSet controller adds tolerations to its pods.
 * @param tolerations taints that pods may tolerate, each as `KEY` or `KEY=VALUE`
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions
 * @see https://docs.cilium.io/en/stable/installation/taints/
 */
export function nodes(tolerations: FleetSpec["admission"]["tolerations"]): PolicyDefinition {
  const otherwise = tolerations.length === 0 ? "" : `tolerate ${tolerations.join(", ")} only, or `;
  return {
    name: "fleet-nodes",
    resourceRules: podTemplateKinds(),
    matchConditions: specChanges,
    variables: {
      fromTemplate,
      pod,
      // An update of a pod may add tolerations, and cannot remove any.
      tolerations: cel`
        variables.pod.?tolerations.orValue([]).filter(
          one,
          request.resource.resource != 'pods'
          || request.operation == 'CREATE'
          || !(one in oldObject.spec.?tolerations.orValue([]))
        )
      `,
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
          variables.fromTemplate
          || variables.tolerations.all(
            one,
            one.?key.orValue('') in ${celList([memoryPressure, ...tolerations])}
            || (one.?key.orValue('') in ${celList(lostNode)} && one.?effect.orValue('') == 'NoExecute')
            || (
              one.?operator.orValue('Equal') == 'Equal'
              && one.?key.orValue('') + '=' + one.?value.orValue('') in ${celList(tolerations)}
            )
          )
        `,
        message: `pods must not run on nodes that are kept for others, are not ready or are being removed: remove tolerations, or ${otherwise}ask the platform team (fleet:tolerations)`,
      },
    ],
  };
}

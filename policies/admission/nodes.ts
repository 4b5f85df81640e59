import type { FleetSpec } from "../../config/fleet-spec.js";
import { cel, celList, specChanges } from "./cel/cel.js";
import { pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import type { PolicyDefinition, Validation } from "./cel/policy.js";
import { fromTemplate, ownAccount } from "./cel/principals.js";

type Settings = Pick<FleetSpec["admission"], "tolerations" | "schedulers">;

/** Taints of a lost node. Every pod tolerates them for a while, and sets how soon it leaves the node. */
const lostNode = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/** Taint that Kubernetes lets pods with requests tolerate, before policies are evaluated. */
const memoryPressure = "node.kubernetes.io/memory-pressure";

/** Every term of a pod by which it keeps near to other pods, or away from them. */
const affinityTerms = cel`
  [variables.pod.?affinity.?podAffinity, variables.pod.?affinity.?podAntiAffinity]
    .map(
      one,
      one.?requiredDuringSchedulingIgnoredDuringExecution.orValue([])
      + one.?preferredDuringSchedulingIgnoredDuringExecution.orValue([]).map(term, term.podAffinityTerm)
    )
`;

const byScheduler: Validation = {
  // A running pod has a node, which cannot be changed any more.
  expression: cel`
    variables.pod.?nodeName.orValue('') == ''
    || (request.resource.resource == 'pods' && request.operation == 'UPDATE')
  `,
  message: "the scheduler must choose the node of a pod: remove nodeName, and use nodeSelector or affinity",
};

/** Kubernetes' own scheduler. */
const usualScheduler = "default-scheduler";

/** Webhooks of other schedulers choose for pods, and not for templates. */
function byListedScheduler(schedulers: readonly string[]): Validation {
  const otherwise = schedulers.length === 0 ? "" : `set it to one of ${schedulers.join(", ")}, or `;
  return {
    expression: cel`
      (request.resource.resource == 'pods' && (request.operation == 'UPDATE' || !variables.ownAccount))
      || variables.pod.?schedulerName.orValue('') in ${celList(["", usualScheduler, ...schedulers])}
    `,
    message: `pods must be scheduled by the scheduler of the cluster, because another one may follow other rules: remove schedulerName, or ${otherwise}ask the platform team (fleet:schedulers)`,
  };
}

const nearOwnPods: Validation = {
  expression: cel`
    variables.fromTemplate
    || variables.affinityTerms.all(
      terms,
      terms.all(
        term,
        !has(term.namespaceSelector) && term.?namespaces.orValue([]).all(name, name == request.namespace)
      )
    )
  `,
  message:
    "affinity must be about pods of this namespace, because a pod that keeps away from others keeps these off its nodes too: remove namespaceSelector and namespaces from podAffinity and podAntiAffinity",
};

/**
 * The policy on the nodes of tenants' pods: the scheduler chooses them. A pod that names its node bypasses the
 * scheduler: it runs on the control plane and on nodes that are being drained, whatever taints they have. So does a pod
 * that tolerates their taints, and a pod on a node whose network is not ready is without its network policy. Taints
 * also keep a pool of nodes for one tenant. So pods tolerate only the taints of a lost node and those that the stack
 * lists. Pods of checked templates pass, because the DaemonSet controller adds tolerations to its pods.
 *
 * The scheduler keeps a rule between two pods for both: a pod that must be away from the pods of other namespaces keeps
 * these off its nodes, or off the whole cluster. So a pod may have such rules about its own namespace only.
 *
 * Another scheduler has rules of its own: it may place pods on nodes of a cloud outside the cluster's network, or take
 * queues and priorities from labels.
 * @param settings.tolerations taints that pods may tolerate, each as `KEY` or `KEY=VALUE`
 * @param settings.schedulers schedulers that pods may name beside Kubernetes' own
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions
 * @see https://docs.cilium.io/en/stable/installation/taints/
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/#cross-namespace-pod-affinity-quota
 */
export function nodes({ tolerations, schedulers }: Settings): PolicyDefinition {
  const otherwise = tolerations.length === 0 ? "" : `tolerate ${tolerations.join(", ")} only, or `;
  return {
    name: "fleet-nodes",
    resourceRules: podTemplateKinds(),
    matchConditions: specChanges,
    variables: {
      fromTemplate,
      ownAccount,
      pod,
      affinityTerms,
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
      byScheduler,
      byListedScheduler(schedulers),
      nearOwnPods,
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

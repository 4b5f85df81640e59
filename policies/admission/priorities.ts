import { celList, specChanges } from "./cel/cel.js";
import { pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import type { PolicyDefinition } from "./cel/policy.js";

/**
 * The policy on priority classes of tenants' pods. A pod of a higher priority preempts others where there is no room
 * for it. Every cluster has two classes above all others, and every author of a pod may name them: a tenant could evict
 * the platform's pods and its neighbours' from every node.
 * @param allowed names of PriorityClasses; a pod without a class always passes
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
 */
export function priorities(allowed: readonly string[]): PolicyDefinition {
  const alternative = allowed.length === 0 ? "ask the platform team for one" : `set it to one of ${allowed.join(", ")}`;
  return {
    name: "fleet-priorities",
    resourceRules: podTemplateKinds(),
    matchConditions: specChanges,
    variables: { pod, allowed: celList(allowed) },
    validations: [
      {
        expression:
          "variables.pod.?priorityClassName.orValue('') == '' || variables.pod.priorityClassName in variables.allowed",
        message: `pods must not preempt those of other tenants: remove priorityClassName, or ${alternative} (fleet:priorityClasses)`,
      },
    ],
  };
}

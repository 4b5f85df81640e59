import { pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import { type AdmissionPolicy, admissionPolicy, celList, type PolicyContext, specChanges } from "./cel/policy.js";

/**
 * Priorities that tenants' pods may have.
 *
 * A pod of a higher priority has others evicted where there is no room for it. Kubernetes has two classes above all
 * others on every cluster, and lets whoever may make a pod name them: a tenant could push the platform's pods, and its
 * neighbours', from every node.
 * @param allowed names of PriorityClasses; none at all is always allowed
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
 */
export function priorities({ labels, mode }: PolicyContext, allowed: readonly string[]): AdmissionPolicy {
  return admissionPolicy({
    name: "fleet-priorities",
    labels,
    mode,
    resourceRules: podTemplateKinds(),
    matchConditions: [specChanges],
    variables: [pod, { name: "allowed", expression: celList(allowed) }],
    validations: [
      {
        expression:
          "variables.pod.?priorityClassName.orValue('') == '' || variables.pod.priorityClassName in variables.allowed",
        message: `pods must not be put before those of others: remove priorityClassName, or ${allowed.length === 0 ? "ask the platform team for one" : `set it to one of ${allowed.join(", ")}`} (fleet:priorityClasses)`,
      },
    ],
  });
}

import { kinds } from "../kinds.js";
import { REVISION_HISTORY_LIMIT } from "../quotas.js";
import { cel, isNewOrChanges } from "./cel/cel.js";
import { pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import { type PolicyDefinition, resourceRules } from "./cel/policy.js";
import { kubernetes, platform } from "./cel/principals.js";

/** The longest termination grace period of a pod, in seconds: enough for a database to write its memory to disk. */
const MAX_GRACE_PERIOD = 600;

const ends = "request.operation == 'DELETE' || request.?subResource.orValue('') == 'eviction'";

/**
 * The policy on workloads that prevent removal: finalizers in templates, long grace periods, and long histories. Each
 * of these keeps the namespace, so that `pulumi destroy` never ends.
 *
 * Kubernetes' controllers create pods and claims from templates under their own names, with the template's finalizers;
 * `fleet-finalizers` covers a tenant's own accounts only. The templates of ephemeral volumes cannot have finalizers,
 * and those of pods themselves are allowed, because the Job controller adds its own. A pod that ignores SIGTERM stays
 * for its grace period, or for that of the delete request, and only another delete request shortens it.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/controller/controller_utils.go
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/controller/statefulset/stateful_set_utils.go
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#clean-up-policy
 */
export const terminationAndHistory: PolicyDefinition = {
  name: "fleet-remains",
  resourceRules: [
    ...podTemplateKinds(),
    ...resourceRules([kinds("", "pods")], ["DELETE"]),
    ...resourceRules([kinds("", "pods/eviction")], ["CREATE"]),
  ],
  // A deleted object has no new spec.
  matchConditions: { "spec-changes-or-ends": `${ends} || ${isNewOrChanges("spec")}` },
  variables: {
    kubernetes,
    platform,
    pod,
    ends,
    // Every template from which a controller creates objects.
    templates: cel`
      request.resource.resource == 'pods' ? []
      : request.resource.resource == 'cronjobs' ? [object.spec.jobTemplate, object.spec.jobTemplate.spec.template]
      : [object.spec.template] + object.spec.?volumeClaimTemplates.orValue([])
    `,
    // The grace period of a delete or evict request.
    seconds: cel`
      request.operation == 'DELETE'
      ? request.?options.?gracePeriodSeconds.orValue(0)
      : object.?deleteOptions.?gracePeriodSeconds.orValue(0)
    `,
  },
  validations: [
    {
      expression: "variables.ends || variables.templates.all(one, one.?metadata.?finalizers.orValue([]).size() == 0)",
      message:
        "finalizers of a template are copied to the objects created from it, and prevent the removal of the namespace: remove metadata.finalizers from templates",
    },
    {
      expression: `variables.ends || variables.pod.?terminationGracePeriodSeconds.orValue(0) <= ${MAX_GRACE_PERIOD}`,
      message: `pods must end within ${MAX_GRACE_PERIOD} seconds, so that their node and namespace can be removed: set terminationGracePeriodSeconds to ${MAX_GRACE_PERIOD} or less`,
    },
    {
      // Kinds that keep an old revision of each change: a ReplicaSet or a ControllerRevision.
      expression: cel`
        variables.ends
        || !(request.resource.resource in ['deployments', 'statefulsets', 'daemonsets'])
        || object.spec.?revisionHistoryLimit.orValue(0) <= ${REVISION_HISTORY_LIMIT}
      `,
      message: `workloads must not keep more than ${REVISION_HISTORY_LIMIT} old revisions: set revisionHistoryLimit to ${REVISION_HISTORY_LIMIT}, which is Kubernetes' default, or less`,
    },
    {
      // Kubernetes writes the pod's own period into a request without one, before policies are evaluated.
      expression: cel`
        !variables.ends
        || variables.seconds <= ${MAX_GRACE_PERIOD}
        || variables.kubernetes
        || variables.platform
        || (
          request.operation == 'DELETE'
          && variables.seconds <= oldObject.?spec.?terminationGracePeriodSeconds.orValue(0)
        )
      `,
      message: `pods must end within ${MAX_GRACE_PERIOD} seconds, also when they are deleted or evicted, so that their namespace can be removed: set gracePeriodSeconds to ${MAX_GRACE_PERIOD} or less, or leave it out`,
    },
  ],
};

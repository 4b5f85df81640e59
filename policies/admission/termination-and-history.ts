import { REVISION_HISTORY_LIMIT } from "../quotas.js";
import { pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import { type AdmissionPolicy, admissionPolicy, type NamedExpression, type PolicyContext } from "./cel/policy.js";
import { kubernetes, platform } from "./cel/principals.js";

/** Seconds that a pod may take to end: as long as a database needs to write what it has in memory. */
export const MAX_GRACE_PERIOD = 600;

/** Kinds of which every change leaves an old revision behind: a ReplicaSet, or a ControllerRevision. */
const withHistory = "request.resource.resource in ['deployments', 'statefulsets', 'daemonsets']";

/**
 * Workloads that leave behind what does not go: finalizers in templates, pods that take their time, endless history.
 *
 * Kubernetes' controllers make pods and claims of templates under their own names and copy finalizers from there, past
 * what `fleet-finalizers` says of a tenant's own accounts. A pod that ignores SIGTERM stays as long as its grace period
 * says, be it that of its spec or that of the request to delete it, which nobody but who deletes it anew can shorten.
 * Each keeps its namespace, and `pulumi destroy`, from ever ending. Finalizers of pods themselves are no concern here:
 * the Job controller, for one, puts its own on the pods that it makes.
 *
 * The templates of volumes that go with a pod can have no finalizers: Kubernetes allows labels and annotations there and
 * nothing else.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/controller/controller_utils.go
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/controller/statefulset/stateful_set_utils.go
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#clean-up-policy
 */
export function terminationAndHistory({ labels, mode }: PolicyContext): AdmissionPolicy {
  return admissionPolicy({
    name: "fleet-remains",
    labels,
    mode,
    resourceRules: [
      ...podTemplateKinds(),
      { apiGroups: [""], apiVersions: ["*"], resources: ["pods"], operations: ["DELETE"], scope: "Namespaced" },
      {
        apiGroups: [""],
        apiVersions: ["*"],
        resources: ["pods/eviction"],
        operations: ["CREATE"],
        scope: "Namespaced",
      },
    ],
    matchConditions: [specChangesOrTermination],
    variables: [
      kubernetes,
      platform,
      pod,
      { name: "ends", expression: isTermination },
      { name: "templates", expression: templates },
      {
        name: "seconds",
        expression: `request.operation == 'DELETE' ? request.?options.?gracePeriodSeconds.orValue(0) : object.?deleteOptions.?gracePeriodSeconds.orValue(0)`,
      },
    ],
    validations: [
      {
        expression: "variables.ends || variables.templates.all(one, one.?metadata.?finalizers.orValue([]).size() == 0)",
        message:
          "finalizers of a template are copied to everything that is made of it, and keep it, and the namespace, from being removed: remove metadata.finalizers from templates",
      },
      {
        expression: `variables.ends || variables.pod.?terminationGracePeriodSeconds.orValue(0) <= ${MAX_GRACE_PERIOD}`,
        message: `pods must be gone within ${MAX_GRACE_PERIOD} seconds, or they keep their node and their namespace from being removed: set terminationGracePeriodSeconds to ${MAX_GRACE_PERIOD} or less`,
      },
      {
        expression: `variables.ends || !(${withHistory}) || object.spec.?revisionHistoryLimit.orValue(0) <= ${REVISION_HISTORY_LIMIT}`,
        message: `old revisions are objects of which nobody could keep count: set revisionHistoryLimit to ${REVISION_HISTORY_LIMIT}, which is Kubernetes' default, or less`,
      },
      {
        // Before this is asked, Kubernetes may have written the pod's own period into a request that named none.
        expression: `!variables.ends || variables.seconds <= ${MAX_GRACE_PERIOD} || variables.kubernetes || variables.platform || (request.operation == 'DELETE' && variables.seconds <= oldObject.?spec.?terminationGracePeriodSeconds.orValue(0))`,
        message: `pods must be gone within ${MAX_GRACE_PERIOD} seconds, also when they are deleted or evicted, or they keep their namespace from being removed: set gracePeriodSeconds to ${MAX_GRACE_PERIOD} or less, or leave it out`,
      },
    ],
  });
}

/** A pod is deleted, or evicted. */
const isTermination = "request.operation == 'DELETE' || request.?subResource.orValue('') == 'eviction'";

/** As `specChanges`; what is deleted has no new spec. */
const specChangesOrTermination: NamedExpression = {
  name: "spec-changes-or-ends",
  expression: `${isTermination} || request.operation == 'CREATE' || object.spec != oldObject.spec`,
};

/** Everything of which a controller makes something else. */
const templates = [
  "request.resource.resource == 'pods' ? []",
  "request.resource.resource == 'cronjobs' ? [object.spec.jobTemplate, object.spec.jobTemplate.spec.template]",
  "[object.spec.template] + object.spec.?volumeClaimTemplates.orValue([])",
].join(" : ");

import { robotAccount, robotKinds } from "../rbac/robot.js";
import { type AdmissionPolicy, admissionPolicy, allResources, celList, type PolicyContext } from "./cel/policy.js";
import { annotatesReconcileRequestsOnly, reconcileRequestVariables } from "./cel/reconcile-requests.js";

/**
 * What a tenant's CI robot changes: requests to look now and `spec.suspend`, on Flux's kinds, and nothing else.
 *
 * RBAC lets it patch these objects and knows no fields; here everything else of them is held. The policy looks at all
 * kinds, so that a role that somebody binds to the account makes it no more than a robot. What the platform owns, as the
 * tenant's root sync, the policy on owned objects keeps from being suspended: Pulumi would undo it at its next run.
 */
export function robots({ labels, mode }: PolicyContext): AdmissionPolicy {
  return admissionPolicy({
    name: "fleet-robots",
    labels,
    mode,
    resourceRules: [allResources("CREATE", "UPDATE", "DELETE")],
    matchConditions: [
      {
        name: "by-a-robot",
        expression: `request.userInfo.username.startsWith('system:serviceaccount:') && request.userInfo.username.endsWith(':${robotAccount}')`,
      },
    ],
    variables: [
      ...reconcileRequestVariables,
      {
        name: "keepsSpec",
        expression: [
          "object.spec.all(k, k == 'suspend' || (k in oldObject.spec && oldObject.spec[k] == object.spec[k]))",
          "oldObject.spec.all(k, k == 'suspend' || k in object.spec)",
        ].join(" && "),
      },
      {
        name: "keepsMetadata",
        expression: [
          ...["labels", "finalizers", "ownerReferences"].map(
            (field) => `object.metadata.?${field} == oldObject.metadata.?${field}`,
          ),
          ...annotatesReconcileRequestsOnly,
        ].join(" && "),
      },
    ],
    validations: [
      {
        expression: [
          "request.operation == 'UPDATE'",
          `request.resource.group in ${celList(Object.keys(robotKinds))}`,
          "request.?subResource.orValue('') == ''",
          "variables.keepsSpec",
          "variables.keepsMetadata",
        ].join(" && "),
        message: `${robotAccount} may only reconcile, suspend and resume: change everything else by a push to the repository`,
      },
    ],
  });
}

import { robotAccount, robotKinds } from "../rbac/robot.js";
import { cel, celList } from "./cel/cel.js";
import {
  type AdmissionPolicy,
  admissionPolicy,
  allResources,
  type NamedExpression,
  type PolicyContext,
} from "./cel/policy.js";
import { annotatesReconcileRequestsOnly, reconcileRequestVariables } from "./cel/reconcile-requests.js";

/**
 * The policy on a tenant's CI robot: it changes reconcile requests and `spec.suspend` of Flux's kinds, and nothing else.
 *
 * RBAC lets the robot patch these objects and cannot restrict fields. The policy selects all kinds, so that a further
 * role that is bound to the account gives it nothing more. The platform's own objects, such as the tenant's root sync,
 * cannot be suspended because of `fleet-owned-objects`: Pulumi would undo it at its next run.
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
        expression: cel`
          request.userInfo.username.startsWith('system:serviceaccount:')
          && request.userInfo.username.endsWith(':${robotAccount}')
        `,
      },
    ],
    variables: [...reconcileRequestVariables, keepsSpec, keepsMetadata],
    validations: [
      {
        expression: cel`
          request.operation == 'UPDATE'
          && request.resource.group in ${celList(Object.keys(robotKinds))}
          && request.?subResource.orValue('') == ''
          && variables.keepsSpec
          && variables.keepsMetadata
        `,
        message: `${robotAccount} may only reconcile, suspend and resume: change everything else by a push to the repository`,
      },
    ],
  });
}

/** The spec is unchanged but for `suspend`. */
const keepsSpec: NamedExpression = {
  name: "keepsSpec",
  expression: cel`
    object.spec.all(k, k == 'suspend' || (k in oldObject.spec && oldObject.spec[k] == object.spec[k]))
    && oldObject.spec.all(k, k == 'suspend' || k in object.spec)
  `,
};

/** The metadata is unchanged but for reconcile requests. */
const keepsMetadata: NamedExpression = {
  name: "keepsMetadata",
  expression: cel`
    object.metadata.?labels == oldObject.metadata.?labels
    && object.metadata.?finalizers == oldObject.metadata.?finalizers
    && object.metadata.?ownerReferences == oldObject.metadata.?ownerReferences
    && ${annotatesReconcileRequestsOnly}
  `,
};

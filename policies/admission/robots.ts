import { robotAccount, robotRules } from "../rbac/robot.js";
import { annotatesReconcileRequestsOnly, cel, celList, isUnchanged, reconcileRequestVariables } from "./cel/cel.js";
import { allKinds, everyChange, type PolicyDefinition } from "./cel/policy.js";

/**
 * The policy on a tenant's CI robot: it changes reconcile requests and `spec.suspend` of Flux's kinds, and nothing
 * else. RBAC lets the robot patch these objects and cannot restrict fields. The policy selects all kinds, so that a
 * further role that is bound to the account gives it nothing more. The platform's own objects, such as the tenant's
 * root sync, cannot be suspended because of `fleet-owned-objects`: Pulumi would undo it at its next run.
 */
export const robots: PolicyDefinition = {
  name: "fleet-robots",
  resourceRules: everyChange(allKinds),
  matchConditions: {
    "by-a-robot": cel`
      request.userInfo.username.startsWith('system:serviceaccount:')
      && request.userInfo.username.endsWith(':${robotAccount}')
    `,
  },
  variables: {
    ...reconcileRequestVariables,
    keepsSpec: cel`
      object.spec.all(k, k == 'suspend' || (k in oldObject.spec && oldObject.spec[k] == object.spec[k]))
      && oldObject.spec.all(k, k == 'suspend' || k in object.spec)
    `,
    keepsMetadata: cel`
      ${isUnchanged("metadata.?labels", "metadata.?finalizers", "metadata.?ownerReferences")}
      && ${annotatesReconcileRequestsOnly}
    `,
  },
  validations: [
    {
      expression: cel`
        request.operation == 'UPDATE'
        && request.resource.group in ${celList(robotRules.flatMap(({ apiGroups }) => apiGroups))}
        && request.?subResource.orValue('') == ''
        && variables.keepsSpec
        && variables.keepsMetadata
      `,
      message: `${robotAccount} may only reconcile, suspend and resume: change everything else by a push to the repository`,
    },
  ],
};

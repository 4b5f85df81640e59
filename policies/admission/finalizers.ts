import { cel } from "./cel/cel.js";
import { allKinds, createOrUpdate, type PolicyDefinition } from "./cel/policy.js";
import { byOwnAccount } from "./cel/principals.js";

/**
 * The policy on finalizers that a tenant's own accounts set. A namespace stays as long as one of its objects has a
 * finalizer: a tenant could keep its namespace, and `pulumi destroy` would never end. Controllers set finalizers under
 * their own names, from other namespaces, and pass. So do finalizers that an object already has, and the one that
 * Kubernetes sets on every new volume claim before policies are evaluated.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection
 */
export const finalizers: PolicyDefinition = {
  name: "fleet-finalizers",
  resourceRules: createOrUpdate(allKinds),
  matchConditions: {
    ...byOwnAccount,
    "with-finalizers": "object.?metadata.?finalizers.orValue([]).size() > 0",
  },
  validations: [
    {
      expression: cel`
        object.metadata.finalizers.all(
          name,
          (name == 'kubernetes.io/pvc-protection' && request.resource.resource == 'persistentvolumeclaims')
          || (request.operation == 'UPDATE' && name in oldObject.?metadata.?finalizers.orValue([]))
        )
      `,
      message:
        "finalizers prevent the removal of an object and of its namespace: remove metadata.finalizers from your manifests",
    },
  ],
};

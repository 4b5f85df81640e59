import { type AdmissionPolicy, admissionPolicy, allResources, type PolicyContext } from "./cel/policy.js";

/**
 * Finalizers that a tenant's own accounts put on objects.
 *
 * An object with a finalizer stays until somebody takes it off, and a namespace stays as long as one of its objects: a
 * tenant could keep itself from being removed, and `pulumi destroy` from ever ending. Controllers put their finalizers on
 * under their own names, in other namespaces, and are let through; so are those that are on an object already, and the
 * one that Kubernetes itself puts on every new volume claim, before policies are asked, and takes off again.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection
 */
export function finalizers({ labels, mode }: PolicyContext): AdmissionPolicy {
  return admissionPolicy({
    name: "fleet-finalizers",
    labels,
    mode,
    resourceRules: [allResources("CREATE", "UPDATE")],
    matchConditions: [
      {
        name: "by-an-account-of-this-namespace",
        expression: "request.userInfo.username.startsWith('system:serviceaccount:' + request.namespace + ':')",
      },
      { name: "with-finalizers", expression: "object.?metadata.?finalizers.orValue([]).size() > 0" },
    ],
    validations: [
      {
        expression:
          "object.metadata.finalizers.all(name, (name == 'kubernetes.io/pvc-protection' && request.resource.resource == 'persistentvolumeclaims') || (request.operation == 'UPDATE' && name in oldObject.?metadata.?finalizers.orValue([])))",
        message:
          "finalizers keep an object, and its namespace with it, from being removed: take metadata.finalizers out of what you apply",
      },
    ],
  });
}

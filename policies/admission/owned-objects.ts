import { MANAGED_BY, MANAGED_BY_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { type AdmissionPolicy, admissionPolicy, allResources, type PolicyContext } from "./cel/policy.js";
import { flux, kubernetes, platform } from "./cel/principals.js";
import { annotatesReconcileRequestsOnly, reconcileRequestVariables } from "./cel/reconcile-requests.js";

/**
 * Objects in tenants' namespaces that carry the platform's label: only the platform makes, changes and removes them.
 *
 * These are a tenant's root source and sync, the key that reads its repository, its reconciler and that one's rights,
 * quotas, limits, network policies. Whoever else is let through, and for what:
 *
 * - Kubernetes' own controllers, for everything;
 * - Flux's controllers, for their finalizers, their status and requests to look now, on their own kinds: never for a
 *   spec or a label;
 * - everybody who has the right by RBAC, for requests to look now. So a tenant can have its root sync run at once.
 *
 * Pods are left out: a Deployment's pods have whatever labels its template says, and a kubelet must be able to end them.
 * The platform makes none.
 */
export function ownedObjects({ labels, mode }: PolicyContext): AdmissionPolicy {
  return admissionPolicy({
    name: "fleet-owned-objects",
    labels,
    mode,
    resourceRules: [allResources("CREATE", "UPDATE", "DELETE")],
    excludeResourceRules: [
      {
        apiGroups: [""],
        apiVersions: ["*"],
        resources: ["pods", "pods/*"],
        operations: ["CREATE", "UPDATE", "DELETE"],
        scope: "Namespaced",
      },
    ],
    objectSelector: { matchLabels: { [MANAGED_BY_LABEL]: MANAGED_BY } },
    variables: [
      kubernetes,
      flux,
      platform,
      {
        name: "fluxObjectKeepsSpec",
        expression:
          "request.operation == 'UPDATE' && request.resource.group.endsWith('.toolkit.fluxcd.io') && object.spec == oldObject.spec && object.metadata.?labels.orValue({}) == oldObject.metadata.?labels.orValue({})",
      },
      ...reconcileRequestVariables,
      {
        name: "asksFluxToLook",
        expression: [
          "variables.fluxObjectKeepsSpec",
          "request.?subResource.orValue('') == ''",
          "object.metadata.?finalizers.orValue([]) == oldObject.metadata.?finalizers.orValue([])",
          "object.metadata.?ownerReferences.orValue([]) == oldObject.metadata.?ownerReferences.orValue([])",
          ...annotatesReconcileRequestsOnly,
        ].join(" && "),
      },
    ],
    validations: [
      {
        expression:
          "variables.kubernetes || (variables.flux && variables.fluxObjectKeepsSpec) || (request.operation == 'UPDATE' && variables.asksFluxToLook) || variables.platform",
        message:
          "objects labelled app.kubernetes.io/managed-by=fleet are the platform's: take it out of what you apply, and ask the platform team for a change",
        messageExpression: [
          "(request.operation == 'CREATE'",
          "|| (request.operation == 'UPDATE'",
          `&& oldObject.metadata.?labels[?'${MANAGED_BY_LABEL}'].orValue('') != '${MANAGED_BY}'))`,
          `? 'the label ${MANAGED_BY_LABEL}=${MANAGED_BY} marks what the platform owns: remove it from your object'`,
          ": request.resource.resource + ' ' + request.namespace + '/' + oldObject.metadata.name + ' is the platform\\'s: take it out",
          "of what you apply, and ask the platform team for a change'",
        ].join(" "),
      },
    ],
  });
}

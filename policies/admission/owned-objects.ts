import { MANAGED_BY, MANAGED_BY_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { cel } from "./cel/cel.js";
import {
  type AdmissionPolicy,
  admissionPolicy,
  allResources,
  type NamedExpression,
  type PolicyContext,
  type ResourceRule,
  type Validation,
} from "./cel/policy.js";
import { flux, kubernetes, platform } from "./cel/principals.js";
import { annotatesReconcileRequestsOnly, reconcileRequestVariables } from "./cel/reconcile-requests.js";

/**
 * The policy on objects in tenants' namespaces that carry the platform's label: only the platform creates, changes and
 * removes them.
 *
 * These are a tenant's root source and sync, its deploy key, its reconciler with that account's rights, quotas, limits
 * and network policies. Three others pass:
 *
 * - Kubernetes' own controllers, for everything;
 * - Flux's controllers, for finalizers, status and reconcile requests of their own kinds, and never for a spec or a label;
 * - every principal that has the right by RBAC, for reconcile requests, so that a tenant can reconcile its root sync.
 *
 * Pods are excluded: a Deployment's pods have the labels of its template, and a kubelet must be able to remove them. The
 * platform creates none.
 */
export function ownedObjects({ labels, mode }: PolicyContext): AdmissionPolicy {
  return admissionPolicy({
    name: "fleet-owned-objects",
    labels,
    mode,
    resourceRules: [allResources("CREATE", "UPDATE", "DELETE")],
    excludeResourceRules: [pods],
    objectSelector: { matchLabels: { [MANAGED_BY_LABEL]: MANAGED_BY } },
    variables: [kubernetes, flux, platform, keepsFluxSpec, ...reconcileRequestVariables, requestsReconciliation],
    validations: [byThePlatform],
  });
}

const pods: ResourceRule = {
  apiGroups: [""],
  apiVersions: ["*"],
  resources: ["pods", "pods/*"],
  operations: ["CREATE", "UPDATE", "DELETE"],
  scope: "Namespaced",
};

/** An update of a Flux object that changes neither spec nor labels. */
const keepsFluxSpec: NamedExpression = {
  name: "fluxObjectKeepsSpec",
  expression: cel`
    request.operation == 'UPDATE'
    && request.resource.group.endsWith('.toolkit.fluxcd.io')
    && object.spec == oldObject.spec
    && object.metadata.?labels.orValue({}) == oldObject.metadata.?labels.orValue({})
  `,
};

/** An update of a Flux object that does nothing but request its reconciliation. */
const requestsReconciliation: NamedExpression = {
  name: "asksFluxToLook",
  expression: cel`
    variables.${keepsFluxSpec.name}
    && request.?subResource.orValue('') == ''
    && object.metadata.?finalizers.orValue([]) == oldObject.metadata.?finalizers.orValue([])
    && object.metadata.?ownerReferences.orValue([]) == oldObject.metadata.?ownerReferences.orValue([])
    && ${annotatesReconcileRequestsOnly}
  `,
};

const advice = "remove it from your manifests, and ask the platform team for a change";

const byThePlatform: Validation = {
  expression: cel`
    variables.kubernetes
    || (variables.flux && variables.${keepsFluxSpec.name})
    || (request.operation == 'UPDATE' && variables.${requestsReconciliation.name})
    || variables.platform
  `,
  message: `objects with the label ${MANAGED_BY_LABEL}=${MANAGED_BY} belong to the platform: ${advice}`,
  messageExpression: cel`
    (request.operation == 'CREATE' || (
      request.operation == 'UPDATE'
      && oldObject.metadata.?labels[?'${MANAGED_BY_LABEL}'].orValue('') != '${MANAGED_BY}'
    ))
    ? 'the label ${MANAGED_BY_LABEL}=${MANAGED_BY} marks the platform\'s own objects: remove it from your object'
    : request.resource.resource + ' ' + request.namespace + '/' + oldObject.metadata.name
      + ' belongs to the platform: ${advice}'
  `,
};

import { MANAGED_BY, MANAGED_BY_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { kinds } from "../kinds.js";
import { annotatesReconcileRequestsOnly, cel, isUnchanged, reconcileRequestVariables } from "./cel/cel.js";
import { allKinds, everyChange, type PolicyDefinition } from "./cel/policy.js";
import { flux, kubernetesControllers, platform } from "./cel/principals.js";

/** They remove objects, count for quotas, and mark tokens that are no longer used. */
const kubernetes = kubernetesControllers(
  "generic-garbage-collector",
  "legacy-service-account-token-cleaner",
  "namespace-controller",
  "resourcequota-controller",
);

const advice = "remove it from your manifests, and ask the platform team for a change";

/**
 * The policy on objects in tenants' namespaces that carry the platform's label: a tenant's root source and sync, its
 * deploy key, its reconciler with that account's rights, quotas, limits and network policies. Only the platform
 * creates, changes and removes them. Three others pass:
 * - Kubernetes' controllers that remove objects and count them, for everything;
 * - Flux's controllers, for finalizers, status and reconcile requests of their own kinds, never for a spec or a label;
 * - every principal that has the right by RBAC, for reconcile requests, so that a tenant can reconcile its root sync.
 *
 * Pods are excluded: the platform creates none, a Deployment's pods have the labels of its template, and a kubelet must
 * be able to remove them.
 */
export const ownedObjects: PolicyDefinition = {
  name: "fleet-owned-objects",
  resourceRules: everyChange(allKinds),
  excludeResourceRules: everyChange(kinds("", "pods", "pods/*")),
  objectSelector: { matchLabels: { [MANAGED_BY_LABEL]: MANAGED_BY } },
  variables: {
    kubernetes,
    flux,
    platform,
    fluxObjectKeepsSpec: cel`
      request.operation == 'UPDATE'
      && request.resource.group.endsWith('.toolkit.fluxcd.io')
      && ${isUnchanged("spec", "metadata.?labels.orValue({})")}
    `,
    ...reconcileRequestVariables,
    asksFluxToLook: cel`
      variables.fluxObjectKeepsSpec
      && request.?subResource.orValue('') == ''
      && ${isUnchanged("metadata.?finalizers.orValue([])", "metadata.?ownerReferences.orValue([])")}
      && ${annotatesReconcileRequestsOnly}
    `,
  },
  validations: [
    {
      expression: cel`
        variables.kubernetes
        || (variables.flux && variables.fluxObjectKeepsSpec)
        || (request.operation == 'UPDATE' && variables.asksFluxToLook)
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
    },
  ],
};

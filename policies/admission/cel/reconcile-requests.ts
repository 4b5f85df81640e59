import { cel, celList } from "./cel.js";
import type { NamedExpression } from "./policy.js";

/**
 * Annotations that request a reconciliation from Flux, as `flux reconcile` sets them. They change nothing of what is
 * applied.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#triggering-a-reconcile
 */
const reconcileRequests = ["requestedAt", "forceAt", "resetAt"].map((name) => `reconcile.fluxcd.io/${name}`);

/** Variables that {@link annotatesReconcileRequestsOnly} uses. */
export const reconcileRequestVariables: readonly NamedExpression[] = [
  { name: "requests", expression: celList(reconcileRequests) },
  { name: "annotations", expression: "object.metadata.?annotations.orValue({})" },
  { name: "oldAnnotations", expression: "oldObject.metadata.?annotations.orValue({})" },
];

/**
 * CEL that is true when no annotation is added, changed or removed but reconcile requests; needs
 * {@link reconcileRequestVariables}.
 */
export const annotatesReconcileRequestsOnly = cel`
  variables.annotations.all(
    k,
    k in variables.requests
    || (k in variables.oldAnnotations && variables.oldAnnotations[k] == variables.annotations[k])
  )
  && variables.oldAnnotations.all(k, k in variables.requests || k in variables.annotations)
`;

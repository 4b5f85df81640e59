import { celList, type NamedExpression } from "./policy.js";

/**
 * Annotations that ask Flux to look now, as `flux reconcile` sets them. They change nothing that is synced.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#triggering-a-reconcile
 */
const reconcileRequests = ["requestedAt", "forceAt", "resetAt"].map((name) => `reconcile.fluxcd.io/${name}`);

/** Variables of a policy that lets requests to look now pass: which they are, and what was annotated before and is now. */
export const reconcileRequestVariables: readonly NamedExpression[] = [
  { name: "requests", expression: celList(reconcileRequests) },
  { name: "annotations", expression: "object.metadata.?annotations.orValue({})" },
  { name: "oldAnnotations", expression: "oldObject.metadata.?annotations.orValue({})" },
];

/** What holds when no annotation but such a request is new, changed or gone; needs `requestVariables`. */
export const annotatesReconcileRequestsOnly: readonly string[] = [
  "variables.annotations.all(k, k in variables.requests || (k in variables.oldAnnotations && variables.oldAnnotations[k] == variables.annotations[k]))",
  "variables.oldAnnotations.all(k, k in variables.requests || k in variables.annotations)",
];

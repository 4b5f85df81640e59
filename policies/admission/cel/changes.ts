import { cel, celList } from "./cel.js";
import type { Expressions } from "./policy.js";

/** CEL that is true when an object is new, or one of these fields changes, each written as after `object.`. */
export function isNewOrChanges(...fields: readonly string[]): string {
  const changes = fields.map((field) => `object.${field} != oldObject.${field}`);
  return ["request.operation == 'CREATE'", ...changes].join(" || ");
}

/** CEL that is true when none of these fields changes, each written as after `object.`. */
export function isUnchanged(...fields: readonly string[]): string {
  return fields.map((field) => `object.${field} == oldObject.${field}`).join(" && ");
}

/**
 * Selects objects that are new or whose spec changes.
 *
 * Controllers add and remove finalizers. Without this condition an object that is older than the policy could never be
 * removed, and neither could its namespace.
 */
export const specChanges: Expressions = { "spec-changes": isNewOrChanges("spec") };

/** The annotations of an object, as a field. */
export const annotationsField = "metadata.?annotations.orValue({})";

/** `variables.annotations`: the annotations of the object. */
export const annotations = `object.${annotationsField}`;

/** As {@link specChanges}, for kinds that are configured by annotations as well. */
export const specOrAnnotationsChange: Expressions = {
  "spec-or-annotations-change": isNewOrChanges("spec", annotationsField),
};

/**
 * Annotations that request a reconciliation from Flux, as `flux reconcile` sets them. They change nothing of what is
 * applied.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#triggering-a-reconcile
 */
const requests = celList(["requestedAt", "forceAt", "resetAt"].map((name) => `reconcile.fluxcd.io/${name}`));

/** Variables that {@link annotatesReconcileRequestsOnly} uses. */
export const reconcileRequestVariables: Expressions = {
  requests,
  annotations,
  oldAnnotations: `oldObject.${annotationsField}`,
};

/** CEL that is true when only reconcile requests are annotated; needs {@link reconcileRequestVariables}. */
export const annotatesReconcileRequestsOnly = cel`
  variables.annotations.all(
    k,
    k in variables.requests
    || (k in variables.oldAnnotations && variables.oldAnnotations[k] == variables.annotations[k])
  )
  && variables.oldAnnotations.all(k, k in variables.requests || k in variables.annotations)
`;

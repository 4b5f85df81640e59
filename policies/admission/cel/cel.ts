/**
 * A tag for template literals that hold CEL, so that long expressions are written over several lines. A line break with
 * its indentation becomes one space; after an opening bracket, and before a closing one or a period, it becomes
 * nothing. Backslashes stay as written, because they are CEL's own. Values are inserted unchanged.
 */
export function cel({ raw }: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  const [first = "", ...others] = raw.map((text, index) => {
    const joined = joinLines(text);
    return index === raw.length - 1 ? joined.trimEnd() : joined;
  });
  return others.reduce((result, text, index) => `${result}${values[index]}${text}`, first.trimStart());
}

function joinLines(text: string): string {
  return text
    .replace(/[^\S\n]*\n\s*/g, "\n")
    .replace(/([([{])\n/g, "$1")
    .replace(/\n([)\]}.])/g, "$1")
    .replaceAll("\n", " ");
}

/** A CEL string literal, also of a regular expression. JSON's escapes are all among CEL's. */
export function celString(value: string): string {
  return JSON.stringify(value);
}

/** A CEL list of strings. JSON's escapes are all among CEL's. */
export function celList(values: readonly string[]): string {
  return JSON.stringify(values);
}

/** CEL that is true when the name of an annotation, `key`, matches. */
export function keyMatches(pattern: string): string {
  return `key.matches(${celString(pattern)})`;
}

/** CEL of a text in the object's spec by its path, `chart.spec.interval`; empty if it is absent. */
export function textOf(path: string): string {
  return `object.spec.?${path.replaceAll(".", ".?")}.orValue('')`;
}

/** A CEL list of texts, see {@link textOf}. */
export function textsOf(...paths: readonly string[]): string {
  return `[${paths.map(textOf).join(", ")}]`;
}

/** CEL that is true when all of a list of references' namespaces are absent or this one. */
export function inThisNamespace(namespaces: string): string {
  return `${namespaces}.all(name, name == '' || name == request.namespace)`;
}

/** CEL that is true when the object names a service account, whose identity Flux then uses instead of its own. */
export const namesAccount = `${textOf("serviceAccountName")} != ''`;
/** The fix of a missing {@link namesAccount}, for messages. */
export const accountAdvice = "set spec.serviceAccountName to an account of yours with a cloud identity";

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
 * CEL that is true when an entry `key` of a map is new, or has another value than before. An absent entry is not one
 * without a value: to some controllers the key alone says enough.
 */
export function entryChanges(before: string, after: string): string {
  return `(!(key in ${before}) || ${before}[key] != ${after}[key])`;
}

/**
 * Selects objects that are new or whose spec changes. Controllers add and remove finalizers: without this condition an
 * object that is older than the policy could never be removed, and neither could its namespace.
 */
export const specChanges = { "spec-changes": isNewOrChanges("spec") };

/** The annotations of an object, as a field. */
export const annotationsField = "metadata.?annotations.orValue({})";
/** `variables.annotations`: the annotations of the object. */
export const annotations = `object.${annotationsField}`;

/** As {@link specChanges}, for kinds that are configured by annotations as well. */
export const specOrAnnotationsChange = { "spec-or-annotations-change": isNewOrChanges("spec", annotationsField) };

/**
 * Annotations that request a reconciliation from Flux, as `flux reconcile` sets them. Nothing that is applied changes.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#triggering-a-reconcile
 */
const requests = celList(["requestedAt", "forceAt", "resetAt"].map((name) => `reconcile.fluxcd.io/${name}`));

/** Variables that {@link annotatesReconcileRequestsOnly} uses. */
export const reconcileRequestVariables = { requests, annotations, oldAnnotations: `oldObject.${annotationsField}` };

/**
 * CEL that is true when all added, changed and removed annotations are reconcile requests; needs {@link
 * reconcileRequestVariables}.
 */
export const annotatesReconcileRequestsOnly = cel`
  variables.annotations.all(
    k,
    k in variables.requests
    || (k in variables.oldAnnotations && variables.oldAnnotations[k] == variables.annotations[k])
  )
  && variables.oldAnnotations.all(k, k in variables.requests || k in variables.annotations)
`;

/** CEL of a text in the object's spec by its path, `chart.spec.interval`; empty if it is absent. */
export function textOf(path: string): string {
  return `object.spec.?${path.replaceAll(".", ".?")}.orValue('')`;
}

/** A CEL list of texts, see {@link textOf}. */
export function textsOf(...paths: readonly string[]): string {
  return `[${paths.map(textOf).join(", ")}]`;
}

/** CEL that is true when all of a list of references' namespaces are absent or this one. */
export function allInThisNamespace(namespaces: string): string {
  return `${namespaces}.all(name, name == '' || name == request.namespace)`;
}

/** CEL that is true when the object names a service account, whose identity Flux then uses instead of its own. */
export const namesAccount = `${textOf("serviceAccountName")} != ''`;

/** The fix of a missing {@link namesAccount}, for messages. */
export const nameCloudAccount = "set spec.serviceAccountName to an account of yours with a cloud identity";

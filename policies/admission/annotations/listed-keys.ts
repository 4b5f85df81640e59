import { annotationsField, cel, celList, entryChanges } from "../cel/cel.js";

/** CEL that is true when `key` is one of these keys, or begins with the prefix of a `PREFIX/*` among them. */
export function isListed(keys: readonly string[]): string {
  const isPrefix = (key: string) => key.endsWith("/*");
  const prefixes = keys.filter(isPrefix).map((key) => key.slice(0, -1));
  const whole = keys.filter((key) => !isPrefix(key));
  return `(key in ${celList(whole)} || ${celList(prefixes)}.exists(prefix, key.startsWith(prefix)))`;
}

/**
 * CEL of the annotations of an object that are new or changed, have a prefix, and are not among these keys. By
 * Kubernetes' rule, a key without a prefix is private to its user. Some programs read such keys all the same
 * (docs/security.md).
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/#syntax-and-character-set
 */
export function unknownAnnotations(keys: readonly string[]): string {
  return cel`
    object.${annotationsField}.map(key, key).filter(
      key,
      key.contains('/')
      && !${isListed(keys)}
      && (request.operation == 'CREATE' || ${entryChanges(`oldObject.${annotationsField}`, "object.metadata.annotations")})
    )
  `;
}

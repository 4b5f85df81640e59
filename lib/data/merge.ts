/** Any value that YAML or JSON can express. */
export type PlainValue = string | number | boolean | null | readonly PlainValue[] | PlainObject;

/** An object as YAML or JSON has it. */
export interface PlainObject {
  readonly [key: string]: PlainValue;
}

/** Whether a value is an object with keys: neither null, nor a list. */
export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A base with an overlay merged into it. Objects are merged key by key, other values are replaced, and null removes a
 * key, so that its default applies.
 *
 * Neither input is changed. Overlays without null can be merged in any grouping, with the same result.
 * @see https://www.rfc-editor.org/rfc/rfc7396 the same rules
 */
export function mergeOverlay(base: PlainObject, overlay: PlainObject): PlainObject {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(overlay)) {
    const replaced = merged.get(key);
    if (value === null) merged.delete(key);
    else if (isPlainObject(value)) merged.set(key, mergeOverlay(isPlainObject(replaced) ? replaced : {}, value));
    else merged.set(key, value);
  }
  // fromEntries defines keys, so even "__proto__" is a key like any other.
  return Object.fromEntries(merged);
}

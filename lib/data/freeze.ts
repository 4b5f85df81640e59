/** `T` with nothing in it that can be changed. */
export type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

/**
 * Freezes plain data at every depth, because data that is read once and used everywhere must not change.
 *
 * @returns the same value
 */
export function deepFreeze<T>(value: T): DeepReadonly<T> {
  // A loop: aliases of YAML make data of any depth. JavaScript cannot freeze bytes.
  const pending: unknown[] = [value];
  for (const one of pending) {
    if (typeof one !== "object" || one === null || Object.isFrozen(one) || ArrayBuffer.isView(one)) continue;
    Object.freeze(one);
    for (const child of Object.values(one)) pending.push(child);
  }
  return value as DeepReadonly<T>;
}

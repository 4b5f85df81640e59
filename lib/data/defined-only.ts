/** `T` without its undefined values: a property whose value may be undefined becomes optional. */
export type DefinedOnly<T> = {
  [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key];
} & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/**
 * A copy of `values` without the properties that are undefined.
 *
 * Under `exactOptionalPropertyTypes` an absent property and an undefined one differ, and so they do in a serialized object.
 * Null, false, 0, empty texts and empty lists stay.
 */
export function definedOnly<T extends object>(values: T): DefinedOnly<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as DefinedOnly<T>;
}

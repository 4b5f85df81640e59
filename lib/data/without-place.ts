import { isPlainObject, type PlainObject } from "./merge.js";

/** A copy of an object without the value at a place. A place with a list on its way is not found. */
export function withoutPlace(object: PlainObject, [step, ...rest]: readonly PropertyKey[]): PlainObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => {
      if (key !== step) return [[key, value]];
      return rest.length > 0 && isPlainObject(value) ? [[key, withoutPlace(value, rest)]] : [];
    }),
  );
}

import { isDeepStrictEqual } from "node:util";
import { isPlainObject } from "../../lib/data/merge.js";
import type { FieldPath } from "../../lib/kubernetes/field-path.js";
import { isSecretMark } from "../planned-resource.js";

/** A field with another value. An absent value is undefined. */
export interface FieldChange {
  readonly path: FieldPath;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** The fields that differ between two values of plain data, each with its old and new value. */
export function changedFields(before: unknown, after: unknown, path: FieldPath = []): FieldChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return changedItems(before, after, path);
  if (isFields(before) && isFields(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => changedFields(before[key], after[key], [...path, key]));
  }
  return [{ path, before, after }];
}

/** Elements with names are compared by name, other elements by place after what both lists begin and end with. */
function changedItems(before: readonly unknown[], after: readonly unknown[], path: FieldPath): FieldChange[] {
  const [old, now] = [named(before), named(after)];
  if (old && now) return changedFields(old, now, path);
  let start = 0;
  while (start < Math.min(before.length, after.length) && isDeepStrictEqual(before[start], after[start])) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && isDeepStrictEqual(before.at(-1 - end), after.at(-1 - end))) end += 1;
  const removed = before.slice(start, before.length - end);
  const added = after.slice(start, after.length - end);
  if (removed.length === added.length) {
    return removed.flatMap((item, index) => changedFields(item, added[index], [...path, start + index]));
  }
  return [
    ...removed.map((item, index) => ({ path: [...path, start + index], before: item })),
    ...added.map((item, index) => ({ path: [...path, start + index], after: item })),
  ];
}

/** The elements by their names. Undefined unless every element has a name of its own. */
function named(list: readonly unknown[]): Readonly<Record<string, unknown>> | undefined {
  const names = list.map((element) => (isPlainObject(element) ? element.name : undefined));
  const isNamed = names.length > 0 && names.every((name) => typeof name === "string");
  if (!isNamed || new Set(names).size < names.length) return undefined;
  return Object.fromEntries(list.map((element, index) => [names[index], element]));
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return isPlainObject(value) && !isSecretMark(value);
}

import { isDeepStrictEqual } from "node:util";
import { isPlainObject } from "../data/merge.js";
import type { LiveObject, OwnedFields } from "./live-object.js";

/**
 * The fields of an object that a client applied, as its manifest had them. Undefined for a client that applied none.
 * @param manager name of the client: `kustomize-controller`
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function appliedFields(object: LiveObject, manager: string): Readonly<Record<string, unknown>> | undefined {
  const own = object.metadata.managedFields.find((one) => {
    return one.manager === manager && one.operation === "Apply" && !one.subresource;
  });
  return own && (extract(own.fieldsV1, object) as Readonly<Record<string, unknown>>);
}

/** A field without children is owned whole. `.` stands for the object or element itself. */
function extract(fields: OwnedFields, value: unknown): unknown {
  const children = Object.entries(fields).filter(([key]) => key !== ".");
  if (Object.keys(fields).length === 0) return value;
  if (Array.isArray(value)) return children.flatMap(([key, child]) => element(key, child, value));
  if (!isPlainObject(value)) return value;
  const entries = children.flatMap(([key, child]): [string, unknown][] => {
    const name = key.slice("f:".length);
    return key.startsWith("f:") && Object.hasOwn(value, name) ? [[name, extract(child, value[name])]] : [];
  });
  return Object.fromEntries(entries);
}

/** The element of a list that an entry means. Its key belongs to it, even if another manager owns the fields of the key. */
function element(key: string, child: OwnedFields, list: readonly unknown[]): unknown[] {
  const [form, text] = [key.slice(0, 2), key.slice(2)];
  if (form === "i:") return Number(text) in list ? [extract(child, list[Number(text)])] : [];
  const wanted: unknown = JSON.parse(text);
  if (form === "v:") return list.some((one) => isDeepStrictEqual(one, wanted)) ? [wanted] : [];
  const keys = wanted as Readonly<Record<string, unknown>>;
  const found = list.find((one) => {
    return isPlainObject(one) && Object.entries(keys).every(([name, value]) => one[name] === value);
  });
  return found === undefined ? [] : [{ ...keys, ...(extract(child, found) as object) }];
}

import { isDeepStrictEqual } from "node:util";
import { isPlainObject } from "../../lib/data/merge.js";
import type { FieldPath } from "../../lib/kubernetes/field-path.js";
import { quantityAmount } from "../../lib/kubernetes/quantity.js";
import { isSecretMark } from "../../review/planned-resource.js";

/** A field that is not as the program declares it. */
export interface FieldDifference {
  readonly path: FieldPath;
  /** Undefined for a field that no file declares. */
  readonly wanted: unknown;
  /** Undefined for a field that the cluster does not have. */
  readonly live: unknown;
}

/** Says whether a field that no file declares is allowed: a default of the API, or of no effect. */
export type IsAllowed = (path: FieldPath, live: unknown, siblings: Readonly<Record<string, unknown>>) => boolean;

/**
 * The differences between declared and live fields. The API server writes quantities in its own form, drops empty values
 * and adds defaults. Elements of lists that have names are compared by name, in any order.
 * @param isAllowed decides on fields that are not declared
 */
export function compareFields(
  wanted: unknown,
  live: unknown,
  isAllowed: IsAllowed,
  path: FieldPath = [],
): FieldDifference[] {
  if (isSecretMark(wanted)) return live === undefined ? [{ path, wanted: "(secret)", live }] : [];
  if (isSame(wanted, live, path)) return [];
  if (Array.isArray(wanted) && Array.isArray(live)) return compareLists(wanted, live, isAllowed, path);
  if (isPlainObject(wanted) && isPlainObject(live)) {
    const declared = Object.entries(wanted).flatMap(([name, value]) => {
      return compareFields(value, live[name], isAllowed, [...path, name]);
    });
    const added = Object.entries(live).flatMap(([name, value]) => {
      const place = [...path, name];
      const isKnown = Object.hasOwn(wanted, name) || isNone(value, place) || isAllowed(place, value, live);
      return isKnown ? [] : [{ path: place, wanted: undefined, live: value }];
    });
    return [...declared, ...added];
  }
  return [{ path, wanted, live }];
}

function compareLists(
  wanted: readonly unknown[],
  live: readonly unknown[],
  isAllowed: IsAllowed,
  path: FieldPath,
): FieldDifference[] {
  const [mine, theirs] = [byName(wanted), byName(live)];
  if (mine !== undefined && theirs !== undefined) {
    const declared = [...mine].flatMap(([name, value]) => {
      return compareFields(value, theirs.get(name), isAllowed, [...path, name]);
    });
    const added = [...theirs].filter(([name]) => !mine.has(name));
    return [...declared, ...added.map(([name, value]) => ({ path: [...path, name], wanted: undefined, live: value }))];
  }
  if (wanted.length !== live.length) return [{ path, wanted, live }];
  return wanted.flatMap((value, index) => compareFields(value, live[index], isAllowed, [...path, index]));
}

/** Elements by their names. Undefined unless each has a name of its own. Subjects of other namespaces share names. */
function byName(list: readonly unknown[]): ReadonlyMap<string, unknown> | undefined {
  const entries = list.flatMap((one): [string, unknown][] => {
    return isPlainObject(one) && typeof one.name === "string" && one.namespace === undefined ? [[one.name, one]] : [];
  });
  const found = new Map(entries);
  return found.size === list.length ? found : undefined;
}

/** Fields below which every text is an amount. */
const amounts = ["hard", "limits", "requests", "default", "defaultRequest", "max", "min", "maxLimitRequestRatio"];

function isSame(wanted: unknown, live: unknown, path: FieldPath): boolean {
  if (isDeepStrictEqual(wanted, live)) return true;
  if (live === undefined) return isNone(wanted, path) || isDroppedFalse(wanted, path);
  const isAmount = path.some((step) => amounts.includes(String(step))) || path.at(-1) === "sizeLimit";
  if (!isAmount || !isText(wanted) || !isText(live)) return false;
  return quantityAmount(String(wanted)) === quantityAmount(String(live));
}

function isText(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

/** Values that the API server drops. An explicit false, or 0, may be a decision. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Whether a value is the same as none. In a peer of a network policy, an empty selector means all namespaces, or pods. */
function isNone(value: unknown, path: FieldPath): boolean {
  const isPeers = path.includes("from") || path.includes("to");
  const isSelector = ["namespaceSelector", "podSelector"].includes(String(path.at(-1)));
  return isEmpty(value) && !(isPeers && isSelector && isPlainObject(value));
}

/** Fields whose false is the same as none: `flux resume` removes `suspend`. */
const dropped = ["suspend", "hostNetwork", "hostPID", "hostIPC", "preserveUnknownFields", "privileged"];

function isDroppedFalse(wanted: unknown, path: FieldPath): boolean {
  return wanted === false && dropped.includes(String(path.at(-1)));
}

import { isDeepStrictEqual } from "node:util";
import { type FieldPath, overlap } from "./field-path.js";
import type { HeldField } from "./live-object.js";

/** A field whose value on the cluster is another one than the program applied. */
export interface Difference {
  readonly path: FieldPath;
  readonly wanted: unknown;
  /** Undefined when the cluster does not have the field. */
  readonly live: unknown;
}

/** One object: the inputs of its last update, the result of that update, and the object of today. */
export interface Versions {
  readonly wanted: unknown;
  readonly stated: unknown;
  readonly live: unknown;
}

/**
 * The fields of the inputs that have another value on the cluster. The API server writes quantities and defaults in its
 * own form, so a value counts as changed when it differs from the inputs and from the result of the last update.
 * @param others fields that other clients own
 */
export function differences(versions: Versions, others: readonly HeldField[], path: FieldPath = []): Difference[] {
  const { wanted, stated, live } = versions;
  if (isDeepStrictEqual(live, wanted)) return [];
  if (Array.isArray(wanted) && Array.isArray(live)) {
    return listDifferences({ wanted, live, stated: Array.isArray(stated) ? stated : [] }, others, path);
  }
  if (isFields(wanted) && isFields(live)) {
    return Object.keys(wanted).flatMap((name) => {
      const before = isFields(stated) ? stated[name] : undefined;
      return differences({ wanted: wanted[name], stated: before, live: live[name] }, others, [...path, name]);
    });
  }
  return isDeepStrictEqual(live, stated) ? [] : [{ path, wanted, live }];
}

interface Lists extends Versions {
  readonly wanted: readonly unknown[];
  readonly stated: readonly unknown[];
  readonly live: readonly unknown[];
}

/**
 * Elements with names are compared by these: Kubernetes merges such lists. Elements that other clients added to them are
 * no differences, but {@link additions}. Every other list has one owner.
 */
function listDifferences({ wanted, stated, live }: Lists, others: readonly HeldField[], path: FieldPath): Difference[] {
  const [byName, statedByName] = [named(live), named(stated)];
  if (byName && named(wanted) && !others.some((field) => isDeepStrictEqual(field.path, path))) {
    return wanted.flatMap((element) => {
      const { name } = element as Named;
      const index = byName.get(name);
      const now = index === undefined ? undefined : live[index];
      const before = stated[statedByName?.get(name) ?? -1];
      return differences({ wanted: element, stated: before, live: now }, others, [...path, index ?? name]);
    });
  }
  if (wanted.length === live.length) {
    return wanted.flatMap((element, index) => {
      return differences({ wanted: element, stated: stated[index], live: live[index] }, others, [...path, index]);
    });
  }
  // A refresh writes a longer list into the state, and hides it from the engine.
  const isForeign = others.some((field) => overlap(field.path, path) && field.path.length <= path.length);
  return isForeign || !isDeepStrictEqual(live, stated) ? [{ path, wanted, live }] : [];
}

/**
 * The fields that other clients added to an object: those that the inputs lack. An update does not remove them.
 * @returns each once, with its topmost field
 */
export function additions(wanted: unknown, live: unknown, others: readonly HeldField[]): HeldField[] {
  const found = others.flatMap((field) => {
    const path = addedPart(wanted, live, field.path);
    return path === undefined ? [] : [{ ...field, path }];
  });
  return [...new Map(found.map((field) => [JSON.stringify(field.path), field])).values()];
}

/** The path as far as the first step that the inputs lack. Undefined when they have the field. */
function addedPart(wanted: unknown, live: unknown, path: FieldPath): FieldPath | undefined {
  let [mine, theirs] = [wanted, live];
  for (const [index, step] of path.entries()) {
    theirs = (theirs as Readonly<Record<string | number, unknown>>)[step];
    mine = Array.isArray(mine) ? elementFor(mine, theirs, step) : isFields(mine) ? mine[String(step)] : undefined;
    if (mine === undefined) return path.slice(0, index + 1);
  }
  return undefined;
}

function elementFor(list: readonly unknown[], element: unknown, step: string | number): unknown {
  if (!isFields(element) || typeof element.name !== "string" || !named(list)) return list[Number(step)];
  return list.find((one) => (one as Named).name === element.name);
}

interface Named {
  readonly name: string;
}

/** The places of elements by their names. Undefined unless every element has a name of its own. */
function named(list: readonly unknown[]): ReadonlyMap<string, number> | undefined {
  const names = list.map((element) => (isFields(element) ? element.name : undefined));
  if (!names.every((name) => typeof name === "string")) return undefined;
  const places = new Map(names.map((name, index) => [name, index]));
  return places.size === names.length ? places : undefined;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { posix } from "node:path";
import { parseAllDocuments } from "yaml";
import { isPlainObject, type PlainObject, type PlainValue } from "../../lib/data/merge.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import { valueAt } from "../files/location.js";
import type { Files } from "./kustomize-build.js";
import type { Manifest, Place } from "./manifest-file.js";

/** A change that a kustomization, or a sync of Flux, makes to objects of a kind. */
export interface ObjectPatch {
  /** Whether it changes the object. */
  matches(kind: string, name: string): boolean;
  /** The fields that it sets; null removes one. */
  readonly fields: PlainObject;
  /** The fields whose former content it removes before it sets them, as null. */
  readonly cleared: PlainObject;
  /** Whether it removes the object. */
  readonly deletes: boolean;
  /** Whether it does what `fields` does not show: a copy, a directive, or the removal of objects that labels select. */
  readonly isUnclear: boolean;
  /** The entry of the kustomization. */
  readonly place: Place;
}

/** Fields of a kustomization that list patches. */
const lists = ["patches", "patchesJson6902", "patchesStrategicMerge"] as const;

/**
 * The patches of a kustomization, as far as the names of kinds and objects tell. Kustomize also selects by labels,
 * annotations and namespaces, which count as matching here. A patch that is no YAML is left to kustomize.
 */
export function patchesOf(files: Files, { data, placeOf }: Manifest): readonly ObjectPatch[] {
  const folder = posix.dirname(placeOf([]).file);
  const textOf = (path: string) => files[posix.join(folder, path)] ?? "";
  return lists.flatMap((list) => patchesIn(data[list], (index) => placeOf([list, index]), textOf));
}

/** The patches of a sync itself, which Flux applies after those of its folder. */
export function syncPatches({ data, placeOf }: Manifest): readonly ObjectPatch[] {
  return patchesIn(
    valueAt(data, ["spec", "patches"]),
    (index) => placeOf(["spec", "patches", index]),
    () => "",
  );
}

function patchesIn(list: unknown, placeOf: (index: number) => Place, textOf: (path: string) => string): ObjectPatch[] {
  return (Array.isArray(list) ? list : []).flatMap((entry: PlainValue, index) => {
    const { target, written, path } = readEntry(entry);
    return contentsOf(written ?? textOf(path ?? "")).map((content) => patchOf(content, target, placeOf(index)));
  });
}

/** Whether a patch sets or removes a field, or one around it. */
export function setsField({ fields, cleared }: ObjectPatch, path: Path): boolean {
  return path.some((_, index) => {
    const part = path.slice(0, index + 1);
    const value = valueAt(fields, part);
    return value === null || valueAt(cleared, part) === null || (index === path.length - 1 && value !== undefined);
  });
}

/** An entry is a map with a patch or its path, or such a text itself. */
function readEntry(entry: PlainValue) {
  const { patch, path, target } = isPlainObject(entry) ? entry : { patch: entry, path: entry };
  const written = typeof patch === "string" && /[\n:]/.test(patch) ? patch : undefined;
  return { written, path: typeof path === "string" ? path : undefined, target: isPlainObject(target) ? target : {} };
}

function contentsOf(text: string): readonly unknown[] {
  const documents = [...parseAllDocuments(text, { logLevel: "silent" })];
  return documents.flatMap((document) => (document.errors.length > 0 ? [] : [document.toJS({ maxAliasCount: 100 })]));
}

function patchOf(content: unknown, target: PlainObject, place: Place): ObjectPatch {
  const { fields, cleared, isUnclear } = Array.isArray(content) ? operationsOf(content) : mergeOf(content);
  const metadata = isPlainObject(fields.metadata) ? fields.metadata : {};
  // A target takes the place of the kind and the name that the patch itself has.
  const named = Object.keys(target).length > 0 ? target : { kind: fields.kind ?? "", name: metadata.name ?? "" };
  const isMeant = (field: "kind" | "name", value: string) => named[field] === undefined || whole(named[field], value);
  const deletes = fields.$patch === "delete";
  const isSelected = Object.keys(target).some((field) => field !== "kind" && field !== "name");
  return {
    matches: (kind, name) => isMeant("kind", kind) && isMeant("name", name),
    fields,
    cleared,
    deletes,
    isUnclear: isUnclear || (deletes && isSelected),
    place,
  };
}

/** Whether a pattern of a target covers a whole value. One that cannot be read counts as covering. */
function whole(pattern: PlainValue, value: string): boolean {
  try {
    return new RegExp(`^(?:${String(pattern)})$`).test(value);
  } catch {
    return true;
  }
}

type Effect = Pick<ObjectPatch, "fields" | "cleared" | "isUnclear">;

/** The effect of a strategic merge. */
function mergeOf(content: unknown): Effect {
  const fields = isPlainObject(content) ? content : {};
  const { $patch, ...others } = fields;
  return { fields, cleared: {}, isUnclear: hasDirective(others) || ($patch !== undefined && $patch !== "delete") };
}

/** Whether a strategic merge has directives, which say more than the fields. Those in lists concern no field here. */
function hasDirective(fields: PlainObject): boolean {
  return Object.entries(fields).some(
    ([key, value]) => key.startsWith("$") || (isPlainObject(value) && hasDirective(value)),
  );
}

/** The effect of a JSON patch. A value takes the place of everything that was there. */
function operationsOf(operations: readonly unknown[]): Effect {
  let [fields, cleared, isUnclear]: [PlainObject, PlainObject, boolean] = [{}, {}, false];
  for (const { op, path, value = null } of operations.filter(isPlainObject)) {
    const steps = String(path).split("/").slice(1);
    const names = steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    if (op === "test") continue;
    if (!["add", "replace", "remove"].includes(String(op)) || steps.length === 0) {
      isUnclear = true;
      continue;
    }
    fields = withField(fields, names, op === "remove" ? null : value);
    if (isPlainObject(value)) cleared = withField(cleared, names, null);
  }
  return { fields, cleared, isUnclear };
}

function withField(fields: PlainObject, [first = "", ...rest]: readonly string[], value: PlainValue): PlainObject {
  const inner = fields[first];
  // The whole of it is removed already.
  if (inner === null && value === null) return fields;
  const set = rest.length === 0 ? value : withField(isPlainObject(inner) ? inner : {}, rest, value);
  return { ...fields, [first]: set };
}

import { posix } from "node:path";
import { parseAllDocuments } from "yaml";
import { isPlainObject, type PlainObject, type PlainValue } from "../../lib/data/merge.js";
import type { Files } from "./kustomize-build.js";
import type { Manifest, Place } from "./manifest-file.js";

/** A change that a kustomization makes to objects of a kind. */
export interface ObjectPatch {
  /** Whether it changes the object. */
  matches(kind: string, name: string): boolean;
  /** The fields that it sets; null removes one. */
  readonly fields: PlainObject;
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
  const { file: kustomization } = placeOf([]);
  return lists.flatMap((list) => {
    const entries = data[list];
    return (Array.isArray(entries) ? entries : []).flatMap((entry: PlainValue, index) => {
      const { target, written, path } = readEntry(entry);
      const text = written ?? files[posix.join(posix.dirname(kustomization), path ?? "")] ?? "";
      return contentsOf(text).map((content) => patchOf(content, target, placeOf([list, index])));
    });
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
  const fields = Array.isArray(content) ? fieldsOf(content) : isPlainObject(content) ? content : {};
  const metadata = isPlainObject(fields.metadata) ? fields.metadata : {};
  // A target takes the place of the kind and the name that the patch itself has.
  const named = Object.keys(target).length > 0 ? target : { kind: fields.kind ?? "", name: metadata.name ?? "" };
  const isMeant = (field: "kind" | "name", value: string) => named[field] === undefined || whole(named[field], value);
  return { matches: (kind, name) => isMeant("kind", kind) && isMeant("name", name), fields, place };
}

/** Whether a pattern of a target covers a whole value. One that cannot be read counts as covering. */
function whole(pattern: PlainValue, value: string): boolean {
  try {
    return new RegExp(`^(?:${String(pattern)})$`).test(value);
  } catch {
    return true;
  }
}

/** The fields that operations of a JSON patch set. Other operations set none that is known here. */
function fieldsOf(operations: readonly unknown[]): PlainObject {
  return operations.filter(isPlainObject).reduce<PlainObject>((fields, { op, path, value = null }) => {
    const steps = String(path).split("/").slice(1);
    const known = op === "add" || op === "replace" || op === "remove";
    if (!known || steps.length === 0) return fields;
    const names = steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    return withField(fields, names, op === "remove" ? null : value);
  }, {});
}

function withField(fields: PlainObject, [first = "", ...rest]: readonly string[], value: PlainValue): PlainObject {
  const inner = fields[first];
  const set = rest.length === 0 ? value : withField(isPlainObject(inner) ? inner : {}, rest, value);
  return { ...fields, [first]: set };
}

import { posix } from "node:path";
import { parse } from "yaml";
import { valueAt } from "../../config/files/location.js";
import type { Files } from "../../config/platform/kustomize-build.js";
import { type Manifest, readManifests } from "../../config/platform/manifest-file.js";
import { isPlainObject, type PlainObject } from "../../lib/data/merge.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import type { Place } from "../../review/platform/built-platform.js";

/** Annotation in which kustomize notes where an object comes from. */
const originKey = "config.kubernetes.io/origin";

/** Finds the places of built objects in the files that they come from. */
export class ObjectPlaces {
  readonly #files: Files;
  readonly #read = new Map<string, readonly Manifest[]>();

  constructor(files: Files) {
    this.#files = files;
  }

  /**
   * An object as kustomize built it, without the note of its origin, and the finder of its places.
   * @param folder folder that was built
   */
  locate(built: PlainObject, folder: string): { readonly data: PlainObject; placeOf(path: Path): Place } {
    const origin = valueAt(built, ["metadata", "annotations", originKey]);
    const noted: unknown = typeof origin === "string" ? parse(origin) : {};
    const { path, configuredIn, configuredBy } = isPlainObject(noted) ? noted : {};
    const data = withoutOrigin(built);
    const written = path ?? configuredIn ?? "kustomization.yaml";
    const file = posix.join(folder, String(written));
    const source = path === undefined ? undefined : this.#sourceOf(file, data);
    if (source !== undefined) return { data, placeOf: source.placeOf };
    const place = this.#generatorPlace(file, configuredBy);
    return { data, placeOf: () => place };
  }

  /** The document that an object was built from. Kustomizations may change its name and namespace. */
  #sourceOf(file: string, data: PlainObject): Manifest | undefined {
    const name = String(valueAt(data, ["metadata", "name"]));
    const nameOf = (manifest: Manifest) => String(valueAt(manifest.data, ["metadata", "name"]));
    const same = this.#manifests(file).filter((manifest) => manifest.data.kind === data.kind);
    return same.find((one) => nameOf(one) === name) ?? same.find((one) => name.includes(nameOf(one))) ?? same[0];
  }

  /** The field of a kustomization that generates an object. */
  #generatorPlace(file: string, configuredBy: unknown): Place {
    const kind = isPlainObject(configuredBy) ? String(configuredBy.kind) : "";
    const field = `${kind.slice(0, 1).toLowerCase()}${kind.slice(1)}`;
    return this.#manifests(file)[0]?.placeOf(field === "" ? [] : [field]) ?? { file, path: "" };
  }

  #manifests(file: string): readonly Manifest[] {
    const known = this.#read.get(file) ?? readManifests(file, this.#files[file] ?? "").manifests;
    this.#read.set(file, known);
    return known;
  }
}

function withoutOrigin(built: PlainObject): PlainObject {
  const { metadata } = built;
  if (!isPlainObject(metadata) || !isPlainObject(metadata.annotations)) return built;
  const { [originKey]: _origin, ...annotations } = metadata.annotations;
  const { annotations: _all, ...rest } = metadata;
  return { ...built, metadata: Object.keys(annotations).length === 0 ? rest : { ...rest, annotations } };
}

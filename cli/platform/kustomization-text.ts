import { posix } from "node:path";
import { stringify } from "yaml";
import { type Files, kustomizationsOf } from "../../config/platform/kustomize-build.js";
import { readManifests } from "../../config/platform/manifest-file.js";
import { isPlainObject, type PlainObject, type PlainValue } from "../../lib/data/merge.js";

/** A kustomization as Flux hands it to kustomize. */
export interface PreparedKustomization {
  /** Path from the root of the checkout. */
  readonly file: string;
  readonly text: string;
}

/**
 * The kustomization of a folder with the fields that its sync adds to it, as kustomize-controller writes it before a build.
 * Besides, it has kustomize note the file of each object.
 * @param spec `spec` of the sync
 * @see https://github.com/fluxcd/pkg/blob/main/kustomize/kustomize_generator.go
 */
export function prepareKustomization(files: Files, folder: string, spec: PlainObject): PreparedKustomization {
  const [file] = kustomizationsOf(files, folder);
  if (file === undefined) {
    const generated = withSync({ resources: manifestsBelow(files, folder) }, spec);
    return { file: `${folder}/kustomization.yaml`, text: stringify(generated) };
  }
  const text = files[file] ?? "";
  const { manifests, problems } = readManifests(file, text);
  const [manifest, second] = manifests;
  // Kustomize says what is wrong with such a file.
  if (problems.length > 0 || manifest === undefined || second !== undefined) return { file, text };
  return { file, text: stringify(withSync(manifest.data, spec)) };
}

function withSync(kustomization: PlainObject, spec: PlainObject): PlainObject {
  const replaced = { namespace: spec.targetNamespace, namePrefix: spec.namePrefix, nameSuffix: spec.nameSuffix };
  const patches = listOf(spec.patches).map((patch) =>
    isPlainObject(patch) ? definedFields({ patch: patch.patch, target: patch.target }) : patch,
  );
  return {
    ...kustomization,
    ...definedFields(replaced),
    ...added("patches", kustomization, patches),
    ...added("components", kustomization, listOf(spec.components)),
    ...added("images", kustomization, listOf(spec.images), isSameImage),
    buildMetadata: ["originAnnotations"],
  };
}

/** A list of the kustomization with the items of the sync behind it; of items that are the same, the sync's counts. */
function added(
  field: string,
  kustomization: PlainObject,
  items: readonly PlainValue[],
  isSame: (a: PlainValue, b: PlainValue) => boolean = () => false,
): PlainObject {
  if (items.length === 0) return {};
  const own = listOf(kustomization[field]).filter((one) => !items.some((item) => isSame(one, item)));
  return { [field]: [...own, ...items] };
}

function isSameImage(a: PlainValue, b: PlainValue): boolean {
  return isPlainObject(a) && isPlainObject(b) && a.name === b.name;
}

/** The manifests of a folder without a kustomization, and the folders below it that have one. */
function manifestsBelow(files: Files, folder: string): string[] {
  const below = Object.keys(files).filter((file) => file.startsWith(`${folder}/`));
  const built = new Set(
    below.map(posix.dirname).filter((one) => one !== folder && kustomizationsOf(files, one).length > 0),
  );
  const isWithin = (path: string) => [...built].some((one) => path.startsWith(`${one}/`));
  const manifests = below.filter((file) => /\.ya?ml$/.test(file) && !isWithin(file));
  const outermost = [...built].filter((one) => !isWithin(one));
  return [...manifests, ...outermost].map((path) => posix.relative(folder, path)).sort();
}

function listOf(value: PlainValue | undefined): readonly PlainValue[] {
  return Array.isArray(value) ? value : [];
}

function definedFields(fields: Readonly<Record<string, PlainValue | undefined>>): PlainObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value === undefined || value === "" ? [] : [[name, value] as const],
    ),
  );
}

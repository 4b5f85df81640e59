import { isPlainObject, type PlainObject } from "../../lib/data/merge.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";

/**
 * How kustomize takes in a path: a manifest or a folder, a folder alone, a file that changes manifests, a file whose text
 * becomes a ConfigMap's, or a file that shows nowhere.
 */
export type Use = "resource" | "component" | "patch" | "text" | "hidden";

/** A path that a kustomization names. */
export interface NamedPath {
  readonly written: string;
  readonly use: Use;
  /** Where the kustomization names it. */
  readonly place: Path;
}

/** Fields that list paths. */
const listed: readonly (readonly [field: string, use: Use])[] = [
  ["resources", "resource"],
  ["bases", "component"],
  ["components", "component"],
  ["crds", "hidden"],
  ["configurations", "hidden"],
  ["generators", "resource"],
  ["transformers", "resource"],
  ["validators", "resource"],
  ["patchesStrategicMerge", "patch"],
];

/** Those that may have the content itself in the place of a path. */
const inlined = ["generators", "transformers", "validators", "patchesStrategicMerge"];

/** Fields that list maps with a path. */
const mapped: readonly (readonly [field: string, use: Use])[] = [
  ["patches", "patch"],
  ["patchesJson6902", "patch"],
  ["replacements", "hidden"],
];

/** Generators; Kubernetes keeps the values of Secrets encoded, so that Flux finds no variables in them. */
const generators: readonly (readonly [field: string, use: Use])[] = [
  ["configMapGenerator", "text"],
  ["secretGenerator", "hidden"],
];

/** Fields of a kustomization that lead to files. */
export const KUSTOMIZATION_FIELDS: readonly string[] = [
  ...[...listed, ...mapped, ...generators].map(([field]) => field),
  "openapi",
];

/** Every path that a kustomization names, in the order of its fields. */
export function namedPaths(kustomization: PlainObject): NamedPath[] {
  return [
    ...listed.flatMap(([field, use]) =>
      texts(kustomization[field], use, [field]).filter(
        ({ written }) => !inlined.includes(field) || !isContent(written),
      ),
    ),
    ...mapped.flatMap(([field, use]) =>
      items(kustomization[field]).flatMap(([item, index]) => texts([item.path], use, [field, index], ["path"])),
    ),
    ...generators.flatMap(([field, use]) =>
      items(kustomization[field]).flatMap(([item, index]) => generatorPaths(item, use, [field, index])),
    ),
    ...(isPlainObject(kustomization.openapi)
      ? texts([kustomization.openapi.path], "hidden", [], ["openapi", "path"])
      : []),
  ];
}

/** @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/configmapgenerator/ */
function generatorPaths({ files, env, envs }: PlainObject, use: Use, place: Path): NamedPath[] {
  // KEY=PATH gives the entry a name other than the file's.
  const named = texts(files, use, [...place, "files"]).map(({ written, ...rest }) => {
    return { written: written.slice(written.indexOf("=") + 1), ...rest };
  });
  return [...named, ...texts([env], use, place, ["env"]), ...texts(envs, use, [...place, "envs"])];
}

/** Whether a text is YAML, and no address: kustomize takes a text for a path if it is not the content of an object. */
export function isContent(text: string): boolean {
  return text.includes("\n") || (text.includes(": ") && !/^[a-z][a-z0-9+.-]*:\/\//i.test(text));
}

/** @param field place of the text, when it is the only one and no item of a list */
function texts(list: unknown, use: Use, place: Path, field?: Path): NamedPath[] {
  return (Array.isArray(list) ? list : []).flatMap((written: unknown, index) => {
    if (typeof written !== "string") return [];
    return [{ written, use, place: [...place, ...(field ?? [index])] }];
  });
}

function items(list: unknown): (readonly [item: PlainObject, index: number])[] {
  return (Array.isArray(list) ? list : []).flatMap((item: unknown, index) =>
    isPlainObject(item) ? [[item, index] as const] : [],
  );
}

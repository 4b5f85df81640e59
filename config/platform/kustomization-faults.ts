import { posix } from "node:path";
import { isPlainObject, type PlainObject } from "../../lib/data/merge.js";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import { KUSTOMIZATION_FIELDS, namedPaths } from "./kustomization-paths.js";
import { type Files, hasFolder, KUSTOMIZATION_FILES, kustomizationsOf } from "./kustomize-build.js";
import { type Place, readManifests } from "./manifest-file.js";
import { folded, isRemote, unsafeReferences } from "./references.js";

/**
 * Every field of a kustomization, besides those that lead to files.
 * @see https://github.com/kubernetes-sigs/kustomize/blob/api/v0.21.1/api/types/kustomization.go
 */
const otherFields =
  "apiVersion kind metadata namespace namePrefix nameSuffix commonLabels labels commonAnnotations images imageTags replicas vars sortOptions helmGlobals helmCharts helmChartInflationGenerator generatorOptions buildMetadata";
const knownFields = new Set([...KUSTOMIZATION_FIELDS, ...otherFields.split(" ")]);
const knownByFold = new Set([...knownFields].map(folded));

const kinds = ["Kustomization", "Component"];

/** Fields that take in folders, and those of them whose objects come together in one build. */
const foldersIn = ["resources", "bases", "components"];
const objectsIn = ["resources", "bases"];

/** Fields that can give an object another name or namespace, so that it differs from the same object elsewhere. */
const renaming =
  "namespace namePrefix nameSuffix patches patchesStrategicMerge patchesJson6902 replacements transformers components";

/** A kustomization that is YAML. */
interface Kustomization {
  readonly folder: string;
  readonly data: PlainObject;
  placeOf(path: Path): Place;
}

/** The kustomizations of a checkout, by folder. */
type Kustomizations = ReadonlyMap<string, Kustomization>;

/**
 * Faults of the kustomizations of `fleet/` for which kustomize refuses a build, as far as their structure shows them:
 * unknown fields, wrong forms, paths that lead out of `fleet/`, circles, and files that are taken in twice. Only a build
 * finds wrong patches, and two files with one object.
 * @param files files of `fleet/`
 */
export function kustomizationFaults(files: Files): Problem[] {
  const named = Object.keys(files).filter((file) => KUSTOMIZATION_FILES.includes(posix.basename(file)));
  const read = named.map((file) => ({ file, ...readManifests(file, files[file] ?? "") }));
  const all: Kustomizations = new Map(
    read.flatMap(({ file, manifests: [manifest] }) => {
      const folder = posix.dirname(file);
      return manifest === undefined ? [] : [[folder, { ...manifest, folder }] as const];
    }),
  );
  const circles = new Map([...all.values()].map((one) => [one, circleFaults(all, one)] as const));
  const taken = takenIn(files, all);
  const repeated = [...all.values()].flatMap((one) => {
    // In a circle, each file is taken in again.
    const isInCircle = [...reachedFrom(all, one)].some((inner) => circles.get(inner)?.length !== 0);
    return isInCircle ? [] : repetitions(one, taken);
  });
  return [
    ...unsafeReferences(files),
    ...read.flatMap(({ file, manifests, problems }) =>
      problems.length > 0 || manifests.length > 0 ? problems : [emptyFile(file)],
    ),
    ...[...new Set(named.map(posix.dirname))].flatMap((folder) => ambiguousFolder(files, folder)),
    ...[...all.values()].flatMap((one) => [...formFaults(one), ...folderFaults(files, one)]),
    ...distinct([...circles.values()].flat()),
    ...repeated,
  ];
}

/** The first problem of each place. */
function distinct(problems: readonly Problem[]): Problem[] {
  const places = new Set<string>();
  return problems.filter(({ file, path }) => {
    const place = JSON.stringify([file, path]);
    const isNew = !places.has(place);
    places.add(place);
    return isNew;
  });
}

function emptyFile(file: string): Problem {
  return { file, path: "", message: "is empty, which kustomize refuses", fix: "List its files in resources" };
}

function ambiguousFolder(files: Files, folder: string): Problem[] {
  const [first, ...others] = kustomizationsOf(files, folder);
  return others.map((file) => {
    return { file, path: "", message: `stands beside ${first}, and kustomize takes one of a folder`, fix: "Join them" };
  });
}

/** Fields that kustomize does not know, and values of another form than it reads. */
function formFaults({ data, placeOf }: Kustomization): Problem[] {
  // A field in another case is known to kustomize, and unsafeReferences() reports those that lead to files.
  const unknown = Object.keys(data).filter((field) => !knownByFold.has(folded(field)));
  const lists = KUSTOMIZATION_FIELDS.filter((field) => field !== "openapi").filter((field) => {
    return (data[field] ?? null) !== null && !Array.isArray(data[field]);
  });
  // kustomize takes its default for a kind that is empty.
  const kind = data.kind ?? "";
  return [
    ...unknown.map((field) => ({
      ...placeOf([field]),
      message: `${field} is no field of kustomize`,
      fix: didYouMean(nearMatches(field, knownFields), "Remove it"),
    })),
    ...lists.map((field) => ({ ...placeOf([field]), message: "is not a list", fix: "Write - before each entry" })),
    ...(kind === "" || kinds.some((known) => known === kind)
      ? []
      : [
          {
            ...placeOf(["kind"]),
            message: `is ${JSON.stringify(kind)}, and not ${kinds.join(" or ")}`,
            fix: "Correct it",
          },
        ]),
  ];
}

/** A file or folder that a kustomization takes in. */
interface Entry {
  readonly written: string;
  /** Path from the root of the checkout. */
  readonly target: string;
  readonly place: Path;
}

function entriesOf({ folder, data }: Kustomization, fields: readonly string[]): Entry[] {
  return namedPaths(data)
    .filter(({ written, place: [field] }) => fields.includes(String(field)) && !isRemote(written))
    .map(({ written, place }) => ({ written, place, target: posix.join(folder, written).replace(/\/$/, "") }));
}

function folderFaults(files: Files, one: Kustomization): Problem[] {
  return entriesOf(one, foldersIn)
    .filter(({ target }) => hasFolder(files, target) && kustomizationsOf(files, target).length === 0)
    .map(({ written, target, place }) => ({
      ...one.placeOf(place),
      message: `${JSON.stringify(written)} is a folder without a kustomization.yaml`,
      fix: `Create ${target}/kustomization.yaml, or list its files one by one`,
    }));
}

/** A kustomization, and all that it leads to. */
function reachedFrom(all: Kustomizations, start: Kustomization): ReadonlySet<Kustomization> {
  const reached = new Set([start]);
  for (const one of reached) {
    for (const { target } of entriesOf(one, foldersIn)) {
      const next = all.get(target);
      if (next !== undefined) reached.add(next);
    }
  }
  return reached;
}

/** The entries by which a kustomization that this one leads to takes in this one's folder again, or one around it. */
function circleFaults(all: Kustomizations, start: Kustomization): Problem[] {
  return [...reachedFrom(all, start)].flatMap((one) =>
    entriesOf(one, foldersIn)
      .filter(({ target }) => start.folder === target || start.folder.startsWith(`${target}/`))
      .map(({ written, place }) => {
        const message = `${JSON.stringify(written)} leads in a circle: it takes in ${start.folder}, from which it is taken in`;
        return { ...one.placeOf(place), message, fix: "Remove one of the entries of the circle" };
      }),
  );
}

/** The files with objects that an entry brings into a build under their own names. */
type TakenIn = (target: string) => readonly string[];

function takenIn(files: Files, all: Kustomizations): TakenIn {
  const known = new Map<string, readonly string[]>();
  return function ofTarget(target): readonly string[] {
    const found = known.get(target);
    if (found !== undefined) return found;
    known.set(target, []); // In a circle.
    const inner = all.get(target);
    const isRenamed = inner !== undefined && renaming.split(" ").some((field) => inner.data[field] !== undefined);
    const list =
      inner === undefined
        ? hasObjects(files, target)
          ? [target]
          : []
        : isRenamed
          ? []
          : entriesOf(inner, objectsIn).flatMap((entry) => ofTarget(entry.target));
    // Each once: a list with repetitions would double with each folder that takes another in twice.
    const distinctFiles = [...new Set(list)];
    known.set(target, distinctFiles);
    return distinctFiles;
  };
}

function hasObjects(files: Files, file: string): boolean {
  const { manifests } = Object.hasOwn(files, file) ? readManifests(file, files[file] ?? "") : { manifests: [] };
  return manifests.some(({ data }) => isPlainObject(data) && Object.keys(data).length > 0);
}

/** The entries that take in a file which another entry has already taken in. */
function repetitions(one: Kustomization, taken: TakenIn): Problem[] {
  const first = new Map<string, string>();
  return entriesOf(one, objectsIn).flatMap(({ written, target, place }) => {
    const repeated = taken(target).find((file) => first.has(file));
    for (const file of taken(target)) if (!first.has(file)) first.set(file, written);
    if (repeated === undefined) return [];
    const message = `${JSON.stringify(written)} takes in ${repeated} again, after ${JSON.stringify(first.get(repeated))}`;
    return [{ ...one.placeOf(place), message, fix: "Remove one of the two entries" }];
  });
}

import { isPlainObject, type PlainObject, type PlainValue } from "../../lib/data/merge.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { formatPath, type Path } from "../../lib/diagnostics/zod-issues.js";
import { declaringFiles } from "./declaring-files.js";
import type { TenantFiles } from "./tenant-files.js";
import type { YamlFile } from "./yaml-file.js";

type Location = Pick<Problem, "file" | "line" | "path" | "subject">;

/** The files that declare a tenant. A value of a later one counts before that of an earlier one. */
export interface DeclaringFiles {
  /** Name of the tenant. */
  readonly name: string;
  /** The defaults of the group that the base file names. @default - it names none */
  readonly group?: YamlFile;
  readonly base: YamlFile;
  /** The stack's defaults for all its tenants. @default - it has none, or they are of no interest */
  readonly defaults?: YamlFile;
  /** The stack's overlay. @default - only the base file is of interest */
  readonly overlay?: YamlFile;
}

/** A kind of file that declares a tenant. */
export type Layer = Exclude<keyof DeclaringFiles, "name">;

/** The files that declare a tenant, in the order in which each is laid over those before it. */
export const LAYERS: readonly Layer[] = ["group", "base", "defaults", "overlay"];

/** The files of a tenant that exist, each laid over those before it. */
export function layersOf(files: DeclaringFiles): readonly (readonly [Layer, YamlFile])[] {
  return LAYERS.flatMap((layer) => {
    const file = files[layer];
    return file === undefined ? [] : [[layer, file] as const];
  });
}

/** The location of a problem: a place in a file, with its line. */
export function locationOf(file: YamlFile, place: Path): Location {
  return { file: file.file, line: file.lineOf(place), path: formatPath(place) };
}

/** The location in one of a tenant's files. A file of several tenants gets the tenant's name for its subject. */
export function locationIn(files: DeclaringFiles, file: YamlFile, place: Path): Location {
  const isShared = file === files.group || file === files.defaults;
  return { ...locationOf(file, place), ...(isShared ? { subject: files.name } : {}) };
}

/** The data of a file; an empty object when it is not a map. */
export function objectIn({ data }: YamlFile): PlainObject {
  return isPlainObject(data) ? data : {};
}

/** The value at a place; undefined when there is none. */
export function valueAt(object: PlainObject, place: Path): PlainValue | undefined {
  return place.reduce<PlainValue | undefined>(
    (value, step) => (isPlainObject(value) && Object.hasOwn(value, step) ? value[String(step)] : undefined),
    object,
  );
}

/** Whether a file itself has a value at a place. Null is none: it takes away those of other files. */
export function declares(file: YamlFile, place: Path): boolean {
  return (valueAt(objectIn(file), place) ?? undefined) !== undefined;
}

/** Whether a file decides on a place: it has a value there, or takes away the values of the files below it with null. */
function decides(file: YamlFile, place: Path): boolean {
  const data = objectIn(file);
  return valueAt(data, place) !== undefined || place.some((_, index) => valueAt(data, place.slice(0, index)) === null);
}

/**
 * The layer that decides on a place of a tenant: the last one with a value there, or with null there or around it.
 * Undefined where no file has either.
 */
export function decidingLayer(files: DeclaringFiles, place: Path): Layer | undefined {
  const field = withoutIndex(place);
  return layersOf(files).findLast(([, file]) => decides(file, field))?.[0];
}

/** The file whose value at a place counts. Without any it is the base file, which every tenant has. */
export function definingFile(files: DeclaringFiles, place: Path): YamlFile {
  return files[decidingLayer(files, place) ?? "base"] ?? files.base;
}

/** The location of a place; of a field that is missing in all files, in the one that counts for the field's parent. */
export function declaredLocation(files: DeclaringFiles, place: Path): Location {
  // A list is replaced as a whole, so its items are where it is.
  const field = withoutIndex(place);
  const isMissing = valueAt(objectIn(definingFile(files, field)), field) === undefined;
  return locationIn(files, definingFile(files, isMissing ? field.slice(0, -1) : field), place);
}

/** A place as far as files are merged: a list is replaced as a whole, so its items are where it is. */
export function withoutIndex(place: Path): Path {
  const index = place.findIndex((step) => typeof step === "number");
  return index < 0 ? place : place.slice(0, index);
}

/** The location at which the files of a stack declare a place of a tenant. */
export type Locate = (tenant: string, place: Path) => Location;

/**
 * Finds the file and the line that a problem of a tenant must name for its author to find what is to be changed: the last
 * of its files that has a value there, and the base file otherwise, also for what follows from the tenant's name.
 */
export function tenantLocator(files: TenantFiles): Locate {
  return (tenant, place) => {
    const declaring = declaringFiles(files, tenant);
    if (declaring === undefined) throw new Error(`no base file names the tenant ${tenant}`);
    return locationOf(definingFile(declaring, place), place);
  };
}

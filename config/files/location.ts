import { definedOnly } from "../../lib/data/defined-only.js";
import { isPlainObject, type PlainObject, type PlainValue } from "../../lib/data/merge.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { formatPath, type Path } from "../../lib/diagnostics/zod-issues.js";
import type { TenantFiles } from "./tenant-files.js";
import type { YamlFile } from "./yaml-file.js";

type Location = Pick<Problem, "file" | "line" | "path">;

/** The files that declare a tenant. */
export interface DeclaringFiles {
  readonly base: YamlFile;
  /** The stack's overlay. @default - only the base file is of interest */
  readonly overlay?: YamlFile;
}

/** The location of a problem: a place in a file, with its line. */
export function locationOf(file: YamlFile, place: Path): Location {
  return { file: file.file, line: file.lineOf(place), path: formatPath(place) };
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

/** Whether a file itself has a value at a place. */
export function declares(file: YamlFile, place: Path): boolean {
  return valueAt(objectIn(file), place) !== undefined;
}

/** The file whose value at a place counts: the overlay if it has one, and the base file otherwise. */
export function definingFile({ base, overlay }: DeclaringFiles, place: Path): YamlFile {
  return overlay !== undefined && declares(overlay, place) ? overlay : base;
}

/** The location of a place; of a field that is missing in both files, in the one that counts for the field's parent. */
export function declaredLocation(files: DeclaringFiles, place: Path): Location {
  // A list is replaced as a whole, so its items are where it is.
  const index = place.findIndex((step) => typeof step === "number");
  const field = index < 0 ? place : place.slice(0, index);
  const isMissing = !declares(definingFile(files, field), field);
  return locationOf(definingFile(files, isMissing ? field.slice(0, -1) : field), place);
}

/** The location at which the files of a stack declare a place of a tenant. */
export type Locate = (tenant: string, place: Path) => Location;

/**
 * Finds the file and the line that a problem of a tenant must name for its author to find what is to be changed: the
 * overlay if it has a value there, and the base file otherwise, also for what follows from the tenant's name.
 */
export function tenantLocator(files: TenantFiles): Locate {
  return (tenant, place) => {
    const [base, overlay] = [files.base.get(tenant), files.overlays.get(tenant)];
    if (base === undefined) throw new Error(`no base file names the tenant ${tenant}`);
    return locationOf(definingFile({ base, ...definedOnly({ overlay }) }, place), place);
  };
}

import { isPlainObject, type PlainObject, type PlainValue } from "../../lib/data/merge.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { formatPath, type Path } from "../../lib/diagnostics/zod-issues.js";
import type { YamlFile } from "./yaml-file.js";

/** A tenant of the stack, before it is known to be valid. */
export interface Member {
  readonly name: string;
  readonly base: YamlFile;
  readonly overlay: YamlFile;
  /** Base and overlay merged, over the defaults. */
  readonly merged: PlainObject;
}

/** Where a problem is: the place in a file, with its line. */
export function placed(file: YamlFile, place: Path): Pick<Problem, "file" | "line" | "path"> {
  return { file: file.file, line: file.lineOf(place), path: formatPath(place) };
}

/** What a file says; nothing when it does not have a map. */
export function objectIn(file: YamlFile): PlainObject {
  return isPlainObject(file.data) ? file.data : {};
}

/** A text in a file; undefined when there is none at this place. */
export function textAt(file: YamlFile, place: readonly string[]): string | undefined {
  const value = valueAt(objectIn(file), place);
  return typeof value === "string" ? value : undefined;
}

/** The value at a place; undefined when there is none. */
export function valueAt(object: PlainObject, place: Path): PlainValue | undefined {
  return place.reduce<PlainValue | undefined>(
    (value, step) => (isPlainObject(value) && Object.hasOwn(value, step) ? value[String(step)] : undefined),
    object,
  );
}

/** The file of a member that has the last word about a place: the overlay if it says anything there. */
export function fileThatSays({ base, overlay }: Pick<Member, "base" | "overlay">, place: Path): YamlFile {
  return valueAt(objectIn(overlay), place) === undefined ? base : overlay;
}

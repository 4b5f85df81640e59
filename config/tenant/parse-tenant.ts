import type { z } from "zod";
import { isPlainObject, mergeOverlay, type PlainObject } from "../../lib/data/merge.js";
import { withoutPlace } from "../../lib/data/without-place.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { dataProblems, type Path, parsePath } from "../../lib/diagnostics/zod-issues.js";
import { type DeclaringFiles, declaredLocation, definingFile, layersOf, objectIn, valueAt } from "../files/location.js";
import type { ParsedTenant } from "./declared-tenant.js";
import { completeTenant, tenantSections } from "./schema.js";

/** The data of a tenant's files, each laid over those before it. */
export function mergedData(files: DeclaringFiles): PlainObject {
  return layersOf(files)
    .map(([, file]) => objectIn(file))
    .reduce((below, data) => mergeOverlay(below, data));
}

/** The merged data of the files that an overlay is laid over. */
export function dataBelowOverlay({ overlay: _overlay, ...files }: DeclaringFiles): PlainObject {
  return mergedData(files);
}

/**
 * Merges the files of a tenant, checks the result and fills in the defaults.
 * @returns the tenant, and the problems of the merged files; a problem of one file alone is among them
 */
export function parseTenant(stack: string, files: DeclaringFiles) {
  const { name, base } = files;
  // Defaults are filled in last: a value that a file resets counts as never declared.
  const declared = { ...mergedData(files), name };
  const isReadable = layersOf(files).every(([, file]) => file.readable);
  const result = tenantSections.safeParse(declared);
  const issues = result.error?.issues ?? [];
  const broken = new Set(isReadable ? issues.map(({ path }) => String(path[0])) : Object.keys(tenantSections.shape));
  const source = { file: base.file, locate: (place: Path) => declaredLocation(files, place) };
  const tenant: ParsedTenant = { ...files, sections: completeTenant(stack, soundParts(declared, result)), broken };
  const problems = dataProblems(issues, tenantSections, declared, source);
  return { tenant, problems: problems.map((problem) => withSources(problem, declared, files)) };
}

/**
 * A problem between the fields of a map, with the place of each field that another file has: fields that exclude each
 * other may be right in their own files.
 */
function withSources(problem: Problem, declared: PlainObject, files: DeclaringFiles): Problem {
  const place = parsePath(problem.path);
  const map = valueAt(declared, place);
  if (place.length === 0 || !isPlainObject(map)) return problem;
  const elsewhere = Object.keys(map).flatMap((field) => {
    const source = definingFile(files, [...place, field]);
    return source.file === problem.file ? [] : [`${field}: ${source.file}:${source.lineOf([...place, field])}`];
  });
  return elsewhere.length === 0 ? problem : { ...problem, message: `${problem.message}; ${elsewhere.join(", ")}` };
}

/** The parts that pass the schema; a map of which a required part does not is left out with it. */
function soundParts(
  declared: PlainObject,
  parsed = tenantSections.safeParse(declared),
): z.output<typeof tenantSections> {
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path],
  );
  return soundParts(places.map((place) => writtenPart(declared, place)).reduce(withoutPlace, declared));
}

/**
 * The innermost part around a place that is written: of a field that is missing, the map that lacks it. A list counts as
 * a whole, for without an item the others would have other places.
 */
function writtenPart(declared: PlainObject, place: Path): Path {
  const index = place.findIndex((step) => typeof step === "number");
  if (index >= 0) return writtenPart(declared, place.slice(0, index));
  return valueAt(declared, place) === undefined ? writtenPart(declared, place.slice(0, -1)) : place;
}

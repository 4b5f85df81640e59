import type { z } from "zod";
import { isPlainObject, mergeOverlay, type PlainObject } from "../../lib/data/merge.js";
import { checkData, type Path } from "../../lib/diagnostics/zod-issues.js";
import { type DeclaringFiles, declaredLocation, objectIn, valueAt } from "../files/location.js";
import type { ParsedTenant } from "./declared-tenant.js";
import { completeTenant, tenantSections } from "./schema.js";

/**
 * Merges the files of a tenant, checks the result and fills in the defaults.
 * @returns the tenant, and the problems of the merged files; a problem of one file alone is among them
 */
export function parseTenant(args: DeclaringFiles & { readonly name: string; readonly stack: string }) {
  const { name, stack, ...files } = args;
  const { base, overlay } = files;
  // Defaults are filled in last: a value of the base file that the overlay resets counts as never declared.
  const declared = { ...mergeOverlay(objectIn(base), overlay === undefined ? {} : objectIn(overlay)), name };
  const isReadable = base.readable && overlay?.readable !== false;
  const issues = tenantSections.safeParse(declared).error?.issues ?? [];
  const broken = new Set(isReadable ? issues.map(({ path }) => String(path[0])) : Object.keys(tenantSections.shape));
  const source = { file: base.file, locate: (place: Path) => declaredLocation(files, place) };
  const tenant: ParsedTenant = { ...files, name, sections: completeTenant(stack, soundParts(declared)), broken };
  return { tenant, problems: checkData(tenantSections, declared, source).problems };
}

/** The parts that pass the schema; a map of which a required part does not is left out with it. */
function soundParts(declared: PlainObject): z.output<typeof tenantSections> {
  const parsed = tenantSections.safeParse(declared);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path],
  );
  return soundParts(places.map((place) => writtenPart(declared, place)).reduce(without, declared));
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

function without(object: PlainObject, [step, ...rest]: Path): PlainObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => {
      if (key !== step) return [[key, value]];
      return rest.length > 0 && isPlainObject(value) ? [[key, without(value, rest)]] : [];
    }),
  );
}

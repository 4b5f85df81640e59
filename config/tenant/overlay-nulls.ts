import { z } from "zod";
import { isPlainObject, type PlainObject } from "../../lib/data/merge.js";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import { locationOf, objectIn, valueAt } from "../files/location.js";
import type { YamlFile } from "../files/yaml-file.js";

/**
 * The entries that an overlay takes out of a map with null, and that the base file does not have: a mistyped name would
 * leave in place what its author meant to remove.
 * @param schema of the merged tenant
 */
export function removalProblems(schema: z.ZodType, base: YamlFile, overlay: YamlFile): Problem[] {
  const declared = objectIn(base);
  return removals(schema, objectIn(overlay), []).flatMap((place) => {
    if (valueAt(declared, place) !== undefined) return [];
    const name = String(place.at(-1));
    const around = valueAt(declared, place.slice(0, -1));
    const known = isPlainObject(around) ? Object.keys(around) : [];
    const message = `is to be removed, and ${base.file} has no ${JSON.stringify(name)} there`;
    const fix = didYouMean(nearMatches(name, known), "Remove the line");
    return [{ ...locationOf(overlay, place), message, fix }];
  });
}

/** The places of entries that are null, in maps with free keys. */
function removals(schema: z.ZodType, data: PlainObject, place: Path): Path[] {
  const inner = unwrapped(schema);
  return Object.entries(data).flatMap(([key, value]) => {
    const field = fieldOf(inner, key);
    if (field === undefined) return [];
    if (value === null) return inner instanceof z.ZodRecord ? [[...place, key]] : [];
    return isPlainObject(value) ? removals(field, value, [...place, key]) : [];
  });
}

function fieldOf(schema: z.ZodType, key: string): z.ZodType | undefined {
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  const shape: Readonly<Record<string, z.ZodType>> = schema instanceof z.ZodObject ? schema.shape : {};
  return Object.hasOwn(shape, key) ? shape[key] : undefined;
}

/** A schema without its default, and without being optional. */
function unwrapped(schema: z.ZodType): z.ZodType {
  return "innerType" in schema.def ? unwrapped(schema.def.innerType as z.ZodType) : schema;
}

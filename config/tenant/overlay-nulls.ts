import { z } from "zod";
import { isPlainObject, type PlainObject } from "../../lib/data/merge.js";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import { type DeclaringFiles, locationOf, objectIn, valueAt } from "../files/location.js";
import type { YamlFile } from "../files/yaml-file.js";
import { dataBelowOverlay } from "./parse-tenant.js";

/**
 * The entries that a tenant's own files take out of a map with null, and that no file below them has: a mistyped name
 * would leave in place what its author meant to remove.
 * @param schema of the merged tenant
 */
export function removalProblems(schema: z.ZodType, files: DeclaringFiles): Problem[] {
  const { group, base, defaults, overlay } = files;
  const others =
    group === undefined && defaults === undefined ? `${base.file} has no` : "no other file of the tenant has";
  return [
    ...(group === undefined ? [] : missingEntries(schema, base, [objectIn(group)], `${group.file} has no`)),
    ...(overlay === undefined ? [] : missingEntries(schema, overlay, [dataBelowOverlay(files)], others)),
  ];
}

/**
 * The entries that a stack's defaults take out of a map with null, and that no tenant has.
 * @param tenants the files of all tenants of the stack
 */
export function defaultsRemovalProblems(
  schema: z.ZodType,
  defaults: YamlFile,
  tenants: readonly DeclaringFiles[],
): Problem[] {
  const data = tenants.map(({ defaults: _defaults, ...files }) => dataBelowOverlay(files));
  return missingEntries(schema, defaults, data, "no tenant of the stack has");
}

/** @param who has no such entry, to be read before its name: `stacks/base/tenants/team-a.yaml has no` */
function missingEntries(schema: z.ZodType, file: YamlFile, below: readonly PlainObject[], who: string): Problem[] {
  return removals(schema, objectIn(file), []).flatMap((place) => {
    if (below.some((data) => valueAt(data, place) !== undefined)) return [];
    const name = String(place.at(-1));
    const known = below.flatMap((data) => {
      const around = valueAt(data, place.slice(0, -1));
      return isPlainObject(around) ? Object.keys(around) : [];
    });
    const message = `is to be removed, and ${who} ${JSON.stringify(name)} there`;
    return [{ ...locationOf(file, place), message, fix: didYouMean(nearMatches(name, known), "Remove the line") }];
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

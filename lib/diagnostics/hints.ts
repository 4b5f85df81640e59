import { z } from "zod";

/** Remedies that a schema knows better than the general rules of {@link ./zod-issues.ts}. */
interface Hints {
  /** The remedy for a number where the schema has a text. */
  readonly number?: string;
  /** The remedies for fields that people expect in a map, and that it does not have. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** The hints of schemas. What is derived from a schema by `meta()`, `optional()` and the like has them too. */
export const hints = z.registry<Hints>();

/** The hints of the schema at a place of the data. */
export function hintsAt(schema: z.core.$ZodType, [step, ...rest]: readonly PropertyKey[]): Hints {
  const inner = innerOf(schema);
  if (step === undefined) return hints.get(schema) ?? hints.get(inner) ?? {};
  const next = partOf(inner, String(step));
  return next === undefined ? {} : hintsAt(next, rest);
}

function partOf(schema: z.core.$ZodType, step: string): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  const shape: Readonly<Record<string, z.core.$ZodType>> = schema instanceof z.ZodObject ? schema.shape : {};
  return Object.hasOwn(shape, step) ? shape[step] : undefined;
}

/** A schema without its default, and without being optional or nullable. */
function innerOf(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodType && "innerType" in schema.def
    ? innerOf(schema.def.innerType as z.core.$ZodType)
    : schema;
}

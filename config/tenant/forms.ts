import { z } from "zod";

/** The files that may set a field, where that is not both the base file and the overlays. */
interface Placement {
  /** Either: the base file or an overlay, which together must set the field, because it has no default. */
  readonly files: "base" | "overlay" | "either";
  /** Why the other file cannot set it: the thing that exists once for all stacks, or a reason. */
  readonly why: string;
}

const placements = z.registry<Placement>();

/** A field that overlays cannot set: what it describes exists once for all stacks, as a part of a `thing`. */
export function baseOnly<Field extends z.ZodType>(field: Field, thing: string): Field {
  placements.add(field, { files: "base", why: thing });
  return field;
}

/** A field that base files cannot set, because it would hold on all stacks at once. @param reason a part of a sentence */
export function overlayOnly<Field extends z.ZodType>(field: Field, reason: string): Field {
  placements.add(field, { files: "overlay", why: reason });
  return field;
}

/** A field without a default that a base file may leave to the overlays. */
export function inEither<Field extends z.ZodType>(field: Field): Field {
  placements.add(field, { files: "either", why: "" });
  return field;
}

/** The fields of a schema that only these files set, each with the thing that exists once, or the reason. */
export function fieldsOnlyIn(
  files: "base" | "overlay",
  schema: z.ZodObject,
): (readonly [field: string, why: string])[] {
  return fieldsOf(schema).flatMap(([name, { placement }]) =>
    placement?.files === files ? [[name, placement.why] as const] : [],
  );
}

/**
 * The form of a schema in a base file: a field with a default, or an optional one, may be left out, at every depth.
 * Checks between the fields of a map stay.
 */
export function fileOf(schema: z.ZodType): z.ZodType {
  if (!(schema instanceof z.ZodObject || schema instanceof z.ZodRecord)) return schema;
  const form: z.ZodType =
    schema instanceof z.ZodObject ? objectForm(schema, "overlay", fileField) : recordForm(schema, fileOf);
  const checks = (schema.def.checks ?? []) as z.core.$ZodCheck<unknown>[];
  return form.check(...checks).meta(schema.meta() ?? {});
}

/**
 * The form of a schema in an overlay: every field may be left out, null takes a value back to its default, and null
 * takes an entry out of a map. Checks between the fields of a map wait for the merged tenant.
 */
export function overlayOf(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) {
    return objectForm(schema, "base", overlayField).meta(schema.meta() ?? {});
  }
  if (schema instanceof z.ZodRecord) {
    const description = `${schema.description ?? ""} Laid over those of the base file; null takes one away.`;
    return recordForm(schema, (value) => overlayOf(value).nullable()).meta({ description });
  }
  return schema;
}

/** A map in one of the two files: its fields, without those that only the other file can have. */
function objectForm(schema: z.ZodObject, other: "base" | "overlay", form: (field: Field) => z.ZodType): z.ZodObject {
  const fields = fieldsOf(schema).filter(([, { placement }]) => placement?.files !== other);
  return z.strictObject(Object.fromEntries(fields.map(([name, field]) => [name, form(field)])));
}

function recordForm({ keyType, valueType }: z.ZodRecord, form: (value: z.ZodType) => z.ZodType): z.ZodRecord {
  return z.record(keyType as z.ZodString, form(valueType as z.ZodType));
}

interface Field {
  readonly value: z.ZodType;
  /** The value that applies when the field is left out. */
  readonly absence: "fault" | "nothing" | "default" | "section";
  readonly placement: Placement | undefined;
}

function fieldsOf(schema: z.ZodObject): (readonly [string, Field])[] {
  return Object.entries(schema.shape as Readonly<Record<string, z.ZodType>>).map(([name, field]) => [
    name,
    { ...takenApart(field), placement: placements.get(field) },
  ]);
}

function takenApart(field: z.ZodType): Pick<Field, "value" | "absence"> {
  if (field instanceof z.ZodExactOptional) return { value: field.unwrap() as z.ZodType, absence: "nothing" };
  if (field instanceof z.ZodPrefault) return { value: field.unwrap() as z.ZodType, absence: "section" };
  if (field instanceof z.ZodDefault) {
    return { value: withDefault(field.unwrap() as z.ZodType, field.def.defaultValue), absence: "default" };
  }
  return { value: field, absence: "fault" };
}

/** The value with its default for editors, unless its description says in words what the default is. */
function withDefault(value: z.ZodType, fallback: unknown): z.ZodType {
  const about = value.meta() ?? {};
  return about.description?.includes(" Default: ") ? value : value.meta({ ...about, default: fallback });
}

function fileField({ value, absence, placement }: Field): z.ZodType {
  const form = fileOf(value);
  return absence === "fault" && placement?.files !== "either" ? form : form.optional();
}

function overlayField(field: Field): z.ZodType {
  const { value, absence, placement } = field;
  if (placement?.files === "overlay") return fileField(field);
  if (absence === "fault") return overlayOf(value).optional();
  // A map without default has no sense in parts.
  return resettable(absence === "nothing" && value instanceof z.ZodObject ? value : overlayOf(value));
}

/** A field that an overlay can take back to its default. */
function resettable(field: z.ZodType) {
  const { description = "" } = field.meta() ?? {};
  return field
    .nullable()
    .optional()
    .meta({ description: `${description} Write null to go back from the base file's value to the default.` });
}

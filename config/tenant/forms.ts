import { z } from "zod";
import type { Layer } from "../files/location.js";

/** The files that may set a field, where these are not all. */
interface Placement {
  /** Either: the base file or an overlay, which together must set the field, because it has no default. */
  readonly files?: "base" | "overlay" | "either";
  /** Why the other file cannot set it: the thing that exists once for all stacks, or a reason. */
  readonly why?: string;
  /** Why neither a group's nor a stack's defaults can set it. @default - they can */
  readonly ofTenant?: string;
}

const placements = z.registry<Placement>();

/** A field that overlays cannot set: what it describes exists once for all stacks, as a part of a `thing`. */
export function baseOnly<Field extends z.ZodType>(field: Field, thing: string): Field {
  return placed(field, { files: "base", why: thing });
}

/** A field that base files cannot set, because it would hold on all stacks at once. @param reason a part of a sentence */
export function overlayOnly<Field extends z.ZodType>(field: Field, reason: string): Field {
  return placed(field, { files: "overlay", why: reason });
}

/** A field without a default that a base file may leave to the overlays. */
export function inEither<Field extends z.ZodType>(field: Field): Field {
  return placed(field, { files: "either", why: "" });
}

/** A field that no defaults of several tenants can set. @param reason a part of a sentence */
export function ofOneTenant<Field extends z.ZodType>(field: Field, reason: string): Field {
  return placed(field, { ofTenant: reason });
}

function placed<Field extends z.ZodType>(field: Field, placement: Placement): Field {
  placements.add(field, { ...placements.get(field), ...placement });
  return field;
}

/** A field that a file of a layer cannot set. */
export interface MisplacedField {
  readonly place: readonly string[];
  /** The only file that can set it: the base file, the overlay, or both of those, which are one tenant's. */
  readonly only: "base" | "overlay" | "tenant";
  /** The thing that exists once for all stacks, or the reason. */
  readonly why: string;
}

/**
 * The fields of a schema that files of a layer cannot set.
 * @param keysAt keys of the map with free keys at a place
 */
export function misplacedFields(
  schema: z.ZodType,
  layer: Layer,
  keysAt: (place: readonly string[]) => readonly string[],
  place: readonly string[] = [],
): MisplacedField[] {
  if (schema instanceof z.ZodRecord) {
    const inner = schema.valueType as z.ZodType;
    return keysAt(place).flatMap((key) => misplacedFields(inner, layer, keysAt, [...place, key]));
  }
  if (!(schema instanceof z.ZodObject)) return [];
  return fieldsOf(schema).flatMap(([name, { value, placement }]) => {
    const fault = faultOf(placement, layer);
    const at = [...place, name];
    return fault === undefined ? misplacedFields(value, layer, keysAt, at) : [{ place: at, ...fault }];
  });
}

function faultOf(placement: Placement | undefined, layer: Layer): Omit<MisplacedField, "place"> | undefined {
  const { files, why = "", ofTenant } = placement ?? {};
  const isShared = layer === "group" || layer === "defaults";
  if (isShared && ofTenant !== undefined) return { only: "tenant", why: ofTenant };
  const isOfStack = layer === "defaults" || layer === "overlay";
  return files === (isOfStack ? "base" : "overlay") ? { only: files, why } : undefined;
}

/**
 * The form of a schema in a base file: a field with a default, or an optional one, may be left out, at every depth.
 * Checks between the fields of a map stay.
 */
export function fileOf(schema: z.ZodType): z.ZodType {
  if (!(schema instanceof z.ZodObject || schema instanceof z.ZodRecord)) return schema;
  const form: z.ZodType =
    schema instanceof z.ZodObject ? objectForm(schema, "base", fileField) : recordForm(schema, fileOf);
  const checks = (schema.def.checks ?? []) as z.core.$ZodCheck<unknown>[];
  return form.check(...checks).meta(schema.meta() ?? {});
}

/**
 * The form of a schema in a file that is laid over others, or that others are laid over: every field may be left out.
 * Where files lie below, null takes a value back to its default, and null takes an entry out of a map. Checks between the
 * fields of a map wait for the merged tenant.
 */
export function layerOf(schema: z.ZodType, layer: Layer): z.ZodType {
  if (schema instanceof z.ZodObject) {
    return objectForm(schema, layer, (field) => layerField(field, layer)).meta(schema.meta() ?? {});
  }
  if (schema instanceof z.ZodRecord) {
    const { description = "" } = schema.meta() ?? {};
    const below = filesBelow[layer];
    if (below === undefined) return recordForm(schema, (value) => layerOf(value, layer)).meta({ description });
    const laidOver = `${description} Laid over those of ${below}; null takes one away.`;
    return recordForm(schema, (value) => layerOf(value, layer).nullable()).meta({ description: laidOver });
  }
  return schema;
}

/** The files that a layer is laid over, in words. */
const filesBelow: Readonly<Record<Layer, string | undefined>> = {
  group: undefined,
  base: "the group",
  defaults: "base files and groups",
  overlay: "the other files",
};

/** A map in a file of a layer: its fields, without those that the file cannot have. */
function objectForm(schema: z.ZodObject, layer: Layer, form: (field: Field) => z.ZodType): z.ZodObject {
  const fields = fieldsOf(schema).filter(([, { placement }]) => faultOf(placement, layer) === undefined);
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

/** Fields of schemas that were taken apart: each file of a tenant is compared with all of them. */
const knownFields = new WeakMap<z.ZodObject, readonly (readonly [string, Field])[]>();

function fieldsOf(schema: z.ZodObject): readonly (readonly [string, Field])[] {
  const known =
    knownFields.get(schema) ??
    Object.entries(schema.shape as Readonly<Record<string, z.ZodType>>).map(
      ([name, field]) => [name, { ...takenApart(field), placement: placements.get(field) }] as const,
    );
  knownFields.set(schema, known);
  return known;
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

function layerField(field: Field, layer: Layer): z.ZodType {
  const { value, absence, placement } = field;
  if (isLowest(placement, layer)) return fileField(field);
  if (absence === "fault") return layerOf(value, layer).optional();
  // A map without default has no sense in parts.
  const form = absence === "nothing" && value instanceof z.ZodObject ? value : layerOf(value, layer);
  return filesBelow[layer] === undefined ? form.optional() : resettable(form, filesBelow[layer]);
}

/** Whether no file below this layer can have the field. The defaults of a stack lie below its overlays. */
function isLowest(placement: Placement | undefined, layer: Layer): boolean {
  if (placement?.ofTenant !== undefined) return layer === "base" || placement.files === "overlay";
  return placement?.files === "overlay" && layer !== "overlay";
}

/** A field that a file can take back to its default. */
function resettable(field: z.ZodType, below: string) {
  const { description = "" } = field.meta() ?? {};
  return field
    .nullable()
    .optional()
    .meta({ description: `${description} Write null to go back from the value of ${below} to the default.` });
}

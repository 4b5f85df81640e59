import type { z } from "zod";
import { FleetError } from "../../lib/diagnostics/problem.js";
import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";

/** The objects of a manifest. */
export type Manifest = readonly KubernetesObject[];

/** Every object of a kind. */
export function objectsOf(objects: Manifest, kind: string): KubernetesObject[] {
  return objects.filter((object) => object.kind === kind);
}

/** `value` by a schema. @throws FleetError naming each invalid field */
export function validated<Value>(schema: z.ZodType<Value>, value: unknown, file: string): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new FleetError(result.error.issues.map(({ path, message }) => ({ file, path: path.join("."), message })));
}

/** The objects of one kind, with typed fields. Every function throws a FleetError that names each invalid field. */
export function typedKind<Fields extends object>(kind: string, schema: z.ZodType<Fields>) {
  type Typed = KubernetesObject & Fields;
  const parse = (object: KubernetesObject): Typed => ({
    ...object,
    ...validated(schema, object, objectName(object)),
  });
  return {
    parse,
    /** Every object of the kind. */
    of: (objects: Manifest) => objectsOf(objects, kind).map(parse),
    /** Changes every object of the kind and leaves the others alone. */
    map: (objects: Manifest, change: (object: Typed) => KubernetesObject) =>
      objects.map((object) => (object.kind === kind ? change(parse(object)) : object)),
  };
}

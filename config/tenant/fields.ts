import { z } from "zod";
import { withoutRepeats } from "../rules/field.js";
import type { Violation } from "../rules/rule.js";

/** The documentation of a field in editors and in docs/tenants.md. A default in words ends it: `Default: none.` */
interface About {
  readonly description: string;
  readonly examples?: readonly unknown[];
}

/** A field that is true or false. */
export function booleanField(description: string) {
  return z.boolean().meta({ description });
}

/** A field that is a list. */
export function listField<Item extends z.ZodType>(item: Item, about: Partial<About>) {
  return z.array(item).meta({ ...about });
}

/** A field that is a list of texts, of which none occurs twice. */
export function textSetField(item: z.ZodString, about: Partial<About> = {}) {
  return listField(item, about).superRefine(withoutRepeats((text: string) => text));
}

/** A field that is a map with free keys. */
export function mapField<Value extends z.ZodType>(key: z.ZodString, value: Value, about: About) {
  return z.record(key, value).meta({ ...about });
}

/** A field that is a map with fields of its own. */
export function objectField<Fields extends z.core.$ZodLooseShape>(description: string, fields: Fields) {
  return z.strictObject(fields).meta({ description });
}

/** A section of a tenant file: each of its fields has a default. */
export function section<Fields extends z.core.$ZodLooseShape>(description: string, fields: Fields) {
  return objectField(description, fields).prefault({} as z.input<z.ZodObject<Fields, z.core.$strict>>);
}

/** A check between the fields of a value, for `superRefine`. @param path of the field at fault @default - the value */
export function violationCheck<Value>(check: (value: Value) => Violation | undefined, ...path: readonly string[]) {
  return (value: Value, context: z.core.$RefinementCtx): void => {
    const violation = check(value);
    if (violation === undefined) return;
    const { message, fix } = violation;
    context.addIssue({ code: "custom", path: [...path], message, params: { fix } });
  };
}

/** The fault of a reference of which Flux would follow one field only. */
export function ambiguity(reference: object, fix: string): Violation | undefined {
  const fields = Object.keys(reference);
  if (fields.length <= 1) return undefined;
  return { message: `says ${fields.join(" and ")}, of which Flux would follow only one`, fix };
}

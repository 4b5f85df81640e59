import { z } from "zod";
import { definedOnly } from "../../lib/data/defined-only.js";
import { hints } from "../../lib/diagnostics/hints.js";
import type { Rule, Violation } from "./rule.js";

/** The documentation of a field in an editor. */
interface About {
  /** The meaning of the field, for the author of a file. */
  readonly description: string;
  /** The value that applies when the field is left out. @default - depends on other fields; the description says how */
  readonly default?: string | boolean | readonly string[] | Readonly<Record<string, unknown>> | undefined;
  readonly examples?: readonly unknown[];
}

/**
 * A text field that follows a rule. Editors check its pattern; the rule itself, often stricter, is checked on load.
 * @param about @default - no editor shows it: it is in a list or a map of a stack's settings
 */
export function textField(rule: Rule, about?: About) {
  const field = z
    .string()
    .superRefine(violationCheck(rule.check))
    .meta({ ...about, ...forEditors(rule) });
  return rule.numberFix === undefined ? field : field.register(hints, { number: rule.numberFix });
}

/** An amount that follows a rule. YAML and people write it as a number where it has no unit: `cpu: 4`. */
export function amountField(rule: Rule, about?: About) {
  return z
    .union([z.string(), z.number()], { error: "must be an amount like 500m, 2 or 1Gi" })
    .transform(String)
    .superRefine(violationCheck(rule.check))
    .meta({ ...about, ...forEditors(rule) });
}

function forEditors({ pattern, maxLength, hint }: Rule) {
  return {
    ...(pattern === "" ? {} : { pattern }),
    ...definedOnly({ maxLength, patternErrorMessage: pattern === "" ? undefined : hint }),
  };
}

/** A field that is one of a few words. */
export function choiceField<const Choice extends string>(choices: readonly Choice[], about: About) {
  return z.enum(choices).meta({ ...about });
}

/** A setting of a stack that is a list, empty by default. */
export function listOf<Item extends z.ZodType>(item: Item, description: string) {
  return z.array(item).default([]).meta({ description });
}

/** A field that is a whole number between two others, both included. @param why reason for the bounds */
export function numberField(least: number, most: number, why: string, description: string) {
  const check = (value: number) => {
    if (value >= least && value <= most) return undefined;
    return { message: `${value} is not between ${least} and ${most}`, fix: `Choose one in between: ${why}` };
  };
  return z.int().superRefine(violationCheck(check)).meta({ description, minimum: least, maximum: most });
}

/** A check of a list: an entry, or the part of it that counts, must not repeat an earlier one. */
export function withoutRepeats<Entry>(
  part: (entry: Entry) => string,
  fault: (part: string) => string = () => "is there already",
  ...inner: readonly string[]
) {
  return (list: readonly Entry[], context: z.core.$RefinementCtx): void => {
    const parts = list.map(part);
    for (const [index, name] of parts.entries()) {
      if (parts.indexOf(name) === index) continue;
      const params = { fix: "Keep one of them" };
      context.addIssue({ code: "custom", path: [index, ...inner], message: fault(name), params });
    }
  };
}

/** A check of a value, or between its fields, for `superRefine`. @param path of the field at fault @default - the value */
export function violationCheck<Value>(check: (value: Value) => Violation | undefined, ...path: readonly string[]) {
  return (value: Value, context: z.core.$RefinementCtx): void => {
    const violation = check(value);
    if (violation === undefined) return;
    const { message, fix } = violation;
    context.addIssue({ code: "custom", path: [...path], message, params: { fix } });
  };
}

/** A field that is true or false. */
export function booleanField(description: string) {
  return z.boolean().meta({ description });
}

/** A field that is a list. */
export function listField<Item extends z.ZodType>(item: Item, about?: About) {
  return z.array(item).meta({ ...about });
}

/** A field that is a list of texts, of which none occurs twice. */
export function textSetField(item: z.ZodString, about?: About) {
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

/** The fault of a reference of which Flux would follow one field only. */
export function ambiguity(reference: object, fix: string): Violation | undefined {
  const fields = Object.keys(reference);
  if (fields.length <= 1) return undefined;
  return { message: `says ${fields.join(" and ")}, of which Flux would follow only one`, fix };
}

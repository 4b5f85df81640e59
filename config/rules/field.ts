import { z } from "zod";
import type { Rule } from "./rule.js";

/** The documentation of a field in an editor. */
interface About {
  /** The meaning of the field, for the author of a file. */
  readonly description: string;
  /** The value that applies when the field is left out. @default - depends on other fields; the description says how */
  readonly default?: string | boolean | readonly string[] | Readonly<Record<string, unknown>> | undefined;
  readonly examples?: readonly string[] | undefined;
}

/**
 * A text field that follows a rule. Editors check its pattern; the rule itself, often stricter, is checked on load.
 * @param about @default - no editor shows it: it is in a list or a map of a stack's settings
 */
export function textField({ pattern, maxLength, check }: Rule, about?: About) {
  return z
    .string()
    .superRefine((value, context) => {
      const { message, fix } = check(value) ?? {};
      if (message !== undefined) context.addIssue({ code: "custom", message, params: { fix } });
    })
    .meta({ ...about, ...(pattern === "" ? {} : { pattern }), ...(maxLength === undefined ? {} : { maxLength }) });
}

/** A field that is one of a few words. */
export function choiceField<const Choice extends string>(choices: readonly Choice[], about: About) {
  return z.enum(choices).meta({ ...about });
}

/** A setting of a stack that is a list, empty by default. */
export function listOf<Item extends z.ZodType>(item: Item, description: string) {
  return z.array(item).default([]).meta({ description });
}

/** A field that is a whole number between two others, both included. */
export function numberField(
  bounds: { readonly least: number; readonly most: number; readonly why: string },
  about: Omit<About, "examples">,
) {
  const { least, most, why } = bounds;
  return z
    .int()
    .superRefine((value, context) => {
      if (value >= least && value <= most) return;
      const message = `${value} is not between ${least} and ${most}`;
      context.addIssue({ code: "custom", message, params: { fix: `Choose one in between: ${why}` } });
    })
    .meta({ ...about, minimum: least, maximum: most });
}

/** A check of a list: an entry, or the part of it that counts, must not repeat an earlier one. */
export function withoutRepeats<Entry>(part: (entry: Entry) => string, ...inner: readonly string[]) {
  return (list: readonly Entry[], context: z.core.$RefinementCtx): void => {
    const parts = list.map(part);
    for (const [index, name] of parts.entries()) {
      if (parts.indexOf(name) === index) continue;
      const fix = "Keep one of them";
      context.addIssue({ code: "custom", path: [index, ...inner], message: "is there already", params: { fix } });
    }
  };
}

/** A field that an overlay can take back to its default. */
export function resettable<Field extends z.ZodType>(field: Field) {
  const { description = "" } = field.meta() ?? {};
  return field
    .nullable()
    .optional()
    .meta({ description: `${description} Write null to go back from the base file's value to the default.` });
}

import type { Rule } from "./rule.js";

/** Flux takes line breaks out of a variable's value, so one with line breaks would not arrive as it was written. */
export const variableValue: Rule = {
  pattern: "^[^\\n]*$",
  check: (value) =>
    value.includes("\n")
      ? { message: "contains a line break, which Flux removes on substitution", fix: "Write it on one line" }
      : undefined,
};

import { refuse, ruleOf } from "./rule.js";

/** Flux takes line breaks out of a variable's value, so one with line breaks would not arrive as it was written. */
export const variableValue = ruleOf(
  { pattern: "^[^\\n]*$" },
  refuse(/\n/, "contains a line break, which Flux removes on substitution", "Write it on one line"),
);

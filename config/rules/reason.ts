import { patternRule } from "./rule.js";

/** One line about a decision, which an annotation of an object repeats. */
export const reason = patternRule({
  pattern: "^[^\\p{Cc}]*[^\\p{Cc}\\s][^\\p{Cc}]*$",
  maxLength: 350,
  form: "one line of text",
  fix: "Write the reason on one line, like: Migration of the database",
});

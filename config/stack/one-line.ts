import { patternRule, type Rule } from "../rules/rule.js";

/** A sentence that is printed in one line. @param form to be read after "is not" */
export function oneLine(form: string, fix: string): Rule {
  return patternRule({ pattern: "^[^\\s\\p{Cc}][^\\p{Cc}]*$", maxLength: 200, form, fix });
}

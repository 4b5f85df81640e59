/** A number, or the name of a trigger. */
const operand = "[A-Za-z0-9_]+([.][0-9]+)?";

/** Functions from numbers to numbers. */
const functions = "abs|ceil|float|floor|int|max|min|round";

/** Characters and words before an operand: signs, negations, brackets and the functions above. */
const before = `([ (!+-]|not |(${functions}) *[(])*`;

/**
 * Operators after an operand and its closing brackets. A comma divides the arguments of a function. A slash stands alone, because
 * a comment could hide the bracket after a name: `toJSON/*+a*\/(1)`.
 */
const after = "([ )]*([+*%<>=!&?:,-]+|/)|[ )]+(and|or)[ (])";

/**
 * Formulas of KEDA that only compute numbers, as a regular expression (RE2). One KEDA compiles and evaluates the formulas of all
 * tenants, without a bound of time. Ranges, brackets, texts and pipes make loops. `toJSON` doubles its text, and 40 of them, one in
 * the other, would fill all memory. So a bracket follows none but the functions above.
 * @see https://github.com/expr-lang/expr/blob/master/docs/language-definition.md
 */
export const FORMULA_PATTERN = `^${before}${operand}(${after}${before}${operand})*[ )]*$`;

/** Letters of a formula. The parser calls itself at each bracket, and a million of them would end the process. */
export const MOST_FORMULA_LETTERS = 1000;

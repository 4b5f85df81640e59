import { cel, celString } from "./cel.js";
import type { Validation } from "./policy.js";

/** The most characters of one expression. */
export const LONGEST_EXPRESSION = 512;
/** The most characters of an object's expressions together: the API server bounds the cost of their check. */
export const LONGEST_EXPRESSIONS = 4096;

/** A text without escapes and prefixes, so that it ends where it seems to end. */
const text = String.raw`(?:'[^'\\\n]*'|"[^"\\\n]*")`;
const literal = String.raw`(?:${text}|-?\d+(?:\.\d+)?|true|false|null)`;
const list = String.raw`\[\s*(?:${literal}\s*,?\s*)*\]`;
const name = String.raw`[a-zA-Z_]\w*`;
/** A field, an entry of a map, or an element of a list. Each costs the same in a large object as in a small one. */
const step = String.raw`(?:\s*\.\??${name}|\[\??(?:${text}|\d+)\])`;
const path = `${name}${step}*`;
const otherwise = String.raw`\.orValue\((?:${literal}|\[\]|\{\})\)`;
const comparison = "(?:[=!]=|[<>]=?)";

/**
 * A condition on one element of a list. Its cost depends neither on the list nor on the object: it compares fields with
 * literals, and with the object's generation, which is a number.
 */
const condition = [
  String.raw`!?(?:has\(${path}\)|${path}(?:${otherwise})?(?:`,
  String.raw`\.(?:starts|ends)With\(${text}\)`,
  String.raw`|\s*${comparison}\s*(?:${literal}|(?:(?:self|dep)\.)?metadata\.generation)`,
  String.raw`|\s+in\s+${list})?)`,
].join("");
const group = String.raw`!?\(\s*${condition}\s*(?:(?:&&|\|\|)\s*${condition}\s*)*\)`;

/**
 * A macro that goes through a list. Its conditions have balanced brackets and no macro, so that no list is gone through
 * for each element of another. The comma is one of the operators to keep the pattern short. It may be repeated, because
 * CEL has no such macro with three arguments.
 */
const iteration = [
  String.raw`\s*\.(?:all|exists|exists_one|filter)\(\s*${name}\s*`,
  String.raw`(?:(?:,|&&|\|\|)\s*(?:${condition}|${group})\s*)+\)`,
].join("");

/** Functions whose result is at most as large as the object. */
const call = [
  String.raw`\.(?:split\(${text}\)|(?:first|last|value|hasValue|size|lowerAscii|upperAscii)\(\))`,
  otherwise,
].join("|");

const operand = [
  String.raw`(?:has\(${path}\)|${list}|${literal}`,
  String.raw`|${name}(?:${step}|${call}|${iteration})*(?:\.(?:startsWith|endsWith|contains)\((?:${text}|${path})\))?)`,
].join("");

/**
 * The form of conditions that Flux evaluates for tenants: operands with an operator between them. Brackets around
 * operands need not be balanced here, because CEL refuses an expression in which they are not.
 */
export const CONDITION_PATTERN = String.raw`^(?:[\s(!]*${operand}[\s)]*(?:&&|\|\||${comparison}|\?|:|\bin\b|$))+$`;

const part = `(?:${text}|${name}(?:${step}|${call})*)`;
const sum = String.raw`\s*${part}\s*(?:\+\s*${part}\s*)*`;

/** The form of texts that Flux evaluates: fields and literals with a plus sign, in brackets before a function. */
export const TEXT_PATTERN = String.raw`^(?:${sum}|\s*\(${sum}\)\.(?:lower|upper)Ascii\(\)\s*)$`;

/** The form of a Receiver's variables: a field, a text, or a list of texts. A variable holds no other one twice. */
export const VARIABLE_PATTERN = [
  String.raw`^\s*(?:${part}(?:\s*\+\s*${text})?`,
  String.raw`|\[\s*(?:(?:${text}|${path}\s*\+\s*${text})\s*,?\s*)*\])\s*$`,
].join("");

/**
 * CEL that is true when a list of expressions has a form whose evaluation is cheap. Flux evaluates expressions without
 * a bound of cost or time, in a worker that all tenants share. An empty text is none.
 * @param texts CEL of the list @param pattern one of the patterns of this file
 */
export function haveForm(texts: string, pattern: string): string {
  return `${texts}.all(text, text == '' || text.matches(${celString(pattern)}))`;
}

/** CEL that is true when all expressions of a list are short. @param texts CEL of the list */
export function areShort(texts: string): string {
  return `${texts}.all(text, size(text) <= ${LONGEST_EXPRESSION})`;
}

/** CEL of the number of characters of all expressions of a list. @param texts CEL of the list */
export function lengthOf(texts: string): string {
  return `${texts}.map(text, size(text)).sum()`;
}

/**
 * Checks the length and the form of an object's expressions. The form is checked only if the length is within bounds.
 * @param short CEL that is true when the length is within bounds @param formed CEL that is true for an allowed form
 * @param fields names of the fields, for messages
 */
export function boundedExpressions(short: string, formed: string, fields: string): Validation[] {
  return [
    {
      expression: short,
      message: `expressions must have at most ${LONGEST_EXPRESSION} characters each and ${LONGEST_EXPRESSIONS} in all, because all tenants share the controllers: shorten ${fields}, or remove some`,
    },
    {
      expression: cel`!(${short}) || (${formed})`,
      message: `expressions must be cheap to evaluate, because all tenants share the controllers: write ${fields} as fields compared with && and ||, and go through a list by all, exists, exists_one or filter, with comparisons of the element's fields with literals only`,
    },
  ];
}

import { readSubstitutions, type Substitution } from "./substitution.js";

/**
 * A text with the values of variables in the place of `${name}`, as far as they are known. A default counts where the
 * variable is not set. Other expressions, and variables without a value, stay as they are written.
 */
export function substitute(text: string, values: Readonly<Record<string, string>>): string {
  const { found, end, fault } = readSubstitutions(text);
  const readable = text.slice(0, fault ?? end);
  return replaced(readable, 0, found, values) + text.slice(readable.length);
}

/** @param start where the text stands in the one that the substitutions were found in */
function replaced(
  text: string,
  start: number,
  found: readonly Substitution[],
  values: Readonly<Record<string, string>>,
): string {
  let result = "";
  let at = 0;
  for (const one of found) {
    const written = text.slice(one.offset - start, one.end - start);
    result += unescaped(text.slice(at, one.offset - start)) + (replacementOf(one, written, values) ?? written);
    at = one.end - start;
  }
  return result + unescaped(text.slice(at));
}

/** `$${` is how a file writes `${`. */
function unescaped(text: string): string {
  return text.replaceAll("$${", () => "${");
}

/** @returns undefined for a value that is unknown, or that an operator changes */
function replacementOf(
  one: Substitution,
  written: string,
  values: Readonly<Record<string, string>>,
): string | undefined {
  const { name, hasDefault, inner, offset } = one;
  const operators = written.slice(2 + name.length, -1);
  const isKnown = Object.hasOwn(values, name);
  if (operators === "" || (hasDefault && isKnown && !operators.startsWith(":+")))
    return isKnown ? values[name] : undefined;
  const [operator] = /^(?::=|:-|=)/.exec(operators) ?? [];
  if (operator === undefined || !hasDefault) return undefined;
  const start = 2 + name.length + operator.length;
  return replaced(written.slice(start, -1), offset + start, inner, values);
}

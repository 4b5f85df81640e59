/**
 * A tag for template literals that hold CEL, so that long expressions are written over several lines.
 *
 * A line break with its indentation becomes one space; after an opening bracket, and before a closing one or a period, it
 * becomes nothing. Backslashes stay as written, because they are CEL's own. Values are inserted unchanged.
 */
export function cel({ raw }: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  const [first = "", ...others] = raw.map((text, index) => {
    const joined = joinLines(text);
    return index === raw.length - 1 ? joined.trimEnd() : joined;
  });
  return others.reduce((result, text, index) => `${result}${values[index]}${text}`, first.trimStart());
}

function joinLines(text: string): string {
  return text
    .replace(/([([{])\s*\n\s*/g, "$1")
    .replace(/\s*\n\s*([)\]}.])/g, "$1")
    .replace(/\s*\n\s*/g, " ");
}

/** A CEL string literal, also of a regular expression. JSON's escapes are all among CEL's. */
export function celString(value: string): string {
  return JSON.stringify(value);
}

/** A CEL list of strings. JSON's escapes are all among CEL's. */
export function celList(values: readonly string[]): string {
  return JSON.stringify(values);
}

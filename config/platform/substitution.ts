/** A `${…}` that Flux replaces after the build. */
export interface Substitution {
  /** Name of the variable. */
  readonly name: string;
  /** Where it starts in the text. */
  readonly offset: number;
  /** Whether it brings what stands in for a variable that is not set. */
  readonly hasDefault: boolean;
  /** Those within its default or its other arguments. */
  readonly inner: readonly Substitution[];
}

/** A variable that Flux replaces in a text. */
export interface Substitutions {
  readonly found: readonly Substitution[];
  /** Where the first one starts that Flux cannot read, for which it refuses the whole build. @default - all can be read */
  readonly fault?: number;
}

/**
 * Every `${…}` of a text, as Flux reads them: `$${` is no start of one but the text `${`, and a variable without braces
 * is none either.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 * @see https://github.com/fluxcd/pkg/blob/main/envsubst/parse/parse.go
 */
export function readSubstitutions(text: string): Substitutions {
  const found: Substitution[] = [];
  for (let at = text.indexOf("$"); at !== -1; at = text.indexOf("$", at)) {
    if (text.startsWith("${", at)) {
      const read = readOne(text, at);
      if (read === undefined) return { found, fault: at };
      found.push(read.substitution);
      at = read.end;
    } else {
      at += text.startsWith("$$", at) ? 2 : 1;
    }
  }
  return { found };
}

/** The variables among these without which Flux would put in nothing, or something that is no value of theirs. */
export function missingVariables(
  found: readonly Substitution[],
  known: ReadonlySet<string>,
): readonly Pick<Substitution, "name" | "offset">[] {
  return found.flatMap(({ name, offset, hasDefault, inner }) => {
    const nested = () => missingVariables(inner, known);
    // A default counts only when the variable is not set, and then what is in it counts too.
    if (hasDefault) return known.has(name) ? [] : nested();
    return [...(known.has(name) ? [] : [{ name, offset }]), ...nested()];
  });
}

/** Operators that bring a default. `:?` is none of them: Flux would put its error message in the place of the value. */
const defaults = [":=", ":-", ":+", "="];

/** Operators that change a value and want to know how. */
const changes = [":?", ":", "//", "/#", "/%", "/", "##", "#", "%%", "%"];

/** Operators that change a value and want to know nothing else. */
const cases = ["^^", "^", ",,", ","];

/** @returns undefined when Flux cannot read it */
function readOne(text: string, start: number): { substitution: Substitution; end: number } | undefined {
  const head = /\$\{(#?)([\p{L}\p{Nd}_]+)/uy;
  head.lastIndex = start;
  const [, length, name] = head.exec(text) ?? [];
  if (name === undefined) return undefined;
  const operators = length === "#" ? [] : [...defaults, ...changes, ...cases];
  const operator = operators.find((one) => text.startsWith(one, head.lastIndex)) ?? "";
  const after = head.lastIndex + operator.length;
  const rest = operator === "" || cases.includes(operator) ? { inner: [], end: after } : readArguments(text, after);
  if (rest === undefined || text[rest.end] !== "}") return undefined;
  if (changes.includes(operator) && !isComplete(operator, text.slice(after, rest.end))) return undefined;
  const hasDefault = defaults.includes(operator);
  return { substitution: { name, offset: start, hasDefault, inner: rest.inner }, end: rest.end + 1 };
}

/** Whether an operator is told what it wants to know: what to put in, for one that replaces, be it nothing. */
function isComplete(operator: string, argument: string): boolean {
  if (operator.startsWith("/")) return argument.indexOf("/", 1) !== -1;
  return operator === ":?" || argument !== "";
}

/** Everything up to the brace that ends it; nothing can be escaped there. */
function readArguments(text: string, start: number): { inner: Substitution[]; end: number } | undefined {
  const inner: Substitution[] = [];
  let at = start;
  while (at < text.length && text[at] !== "}") {
    if (text.startsWith("${", at)) {
      const read = readOne(text, at);
      if (read === undefined) return undefined;
      inner.push(read.substitution);
      at = read.end;
    } else {
      at += 1;
    }
  }
  return { inner, end: at };
}

/** A `${…}` that Flux replaces after the build. */
export interface Substitution {
  /** Name of the variable. */
  readonly name: string;
  /** Where it starts in the text. */
  readonly offset: number;
  /** Where the text after it starts. */
  readonly end: number;
  /** Whether it brings a value for a variable that is not set. */
  readonly hasDefault: boolean;
  /** Those within its default or its other arguments. */
  readonly inner: readonly Substitution[];
}

/**
 * Every `${…}` of a text, as Flux reads them: `$${` is no start of one but the text `${`, and a variable without braces
 * is none either.
 *
 * @returns `fault`: where the first one starts that Flux cannot read, for which it refuses the whole build
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 * @see https://github.com/fluxcd/pkg/blob/main/envsubst/parse/parse.go
 */
export function readSubstitutions(text: string): { readonly found: readonly Substitution[]; readonly fault?: number } {
  const found: Substitution[] = [];
  const start = /\$\$|\$\{/g;
  for (let match = start.exec(text); match !== null; match = start.exec(text)) {
    if (match[0] === "$$") continue;
    const substitution = readOne(text, match.index);
    if (substitution === undefined) return { found, fault: match.index };
    found.push(substitution);
    start.lastIndex = substitution.end;
  }
  return { found };
}

/** Those of variables without which Flux would put in nothing, or something that is no value of theirs. */
export function missingVariables(found: readonly Substitution[], known: ReadonlySet<string>): readonly Substitution[] {
  return found.flatMap((one) => {
    const isKnown = known.has(one.name);
    // A default counts only when the variable is not set, and then what is in it counts too.
    if (one.hasDefault && isKnown) return [];
    return [...(one.hasDefault || isKnown ? [] : [one]), ...missingVariables(one.inner, known)];
  });
}

/** Operators that bring a default. `:?` is none of them: Flux would put its error message in the place of the value. */
const defaults = [":=", ":-", ":+", "="];

/** Operators that change a value and need an argument. */
const changes = [":?", ":", "//", "/#", "/%", "/", "##", "#", "%%", "%"];

/** Operators that change a value and take no argument. */
const cases = ["^^", "^", ",,", ","];

/** @returns undefined when Flux cannot read it */
function readOne(text: string, offset: number): Substitution | undefined {
  const head = /\$\{(#?)([\p{L}\p{Nd}_]+)/uy;
  head.lastIndex = offset;
  const [, length, name] = head.exec(text) ?? [];
  if (name === undefined) return undefined;
  const operators = length === "#" ? [] : [...defaults, ...changes, ...cases];
  const operator = operators.find((one) => text.startsWith(one, head.lastIndex)) ?? "";
  const after = head.lastIndex + operator.length;
  const rest = operator === "" || cases.includes(operator) ? { inner: [], end: after } : readArguments(text, after);
  if (rest === undefined || text[rest.end] !== "}") return undefined;
  if (changes.includes(operator) && !isComplete(operator, text.slice(after, rest.end))) return undefined;
  return { name, offset, end: rest.end + 1, hasDefault: defaults.includes(operator), inner: rest.inner };
}

/** Whether an operator has the arguments that it needs. The replacement of one that replaces may be empty. */
function isComplete(operator: string, argument: string): boolean {
  if (operator.startsWith("/")) return argument.indexOf("/", 1) !== -1;
  return operator === ":?" || argument !== "";
}

/** Everything up to the brace that ends it; nothing can be escaped there. */
function readArguments(text: string, start: number): { inner: Substitution[]; end: number } | undefined {
  const inner: Substitution[] = [];
  let end = start;
  while (end < text.length && text[end] !== "}") {
    if (text.startsWith("${", end)) {
      const substitution = readOne(text, end);
      if (substitution === undefined) return undefined;
      inner.push(substitution);
      end = substitution.end;
    } else {
      end += 1;
    }
  }
  return { inner, end };
}

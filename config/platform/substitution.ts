/** A `${…}` that Flux replaces after the build. */
export interface Substitution {
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

interface Substitutions {
  readonly found: readonly Substitution[];
  /** Where the reading ended. */
  readonly end: number;
  /** Where the first one starts that Flux cannot read, for which it refuses the whole build. @default - none */
  readonly fault?: number;
}

/**
 * Every `${…}` of a text, as Flux reads them: `$${` is no start of one but the text `${`, and a variable without braces
 * is none either.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 * @see https://github.com/fluxcd/pkg/blob/main/envsubst/parse/parse.go
 */
export function readSubstitutions(text: string): Substitutions {
  return readUntil(text, 0, /\$\$|\$\{/g);
}

/**
 * Those of variables without a value. Flux 2.9 refuses to build with one of them: it substitutes in strict mode.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
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
  const hasArguments = operator !== "" && !cases.includes(operator);
  // Nothing can be escaped in arguments: they end at the first brace.
  const { found: inner, end, fault } = hasArguments ? readUntil(text, after, /\}|\$\{/g) : { found: [], end: after };
  if (fault !== undefined || text[end] !== "}") return undefined;
  if (changes.includes(operator) && !isComplete(operator, text.slice(after, end))) return undefined;
  return { name, offset, end: end + 1, hasDefault: defaults.includes(operator), inner };
}

/** Whether an operator has the arguments that it needs. The replacement of one that replaces may be empty. */
function isComplete(operator: string, argument: string): boolean {
  if (operator.startsWith("/")) return argument.indexOf("/", 1) !== -1;
  return operator === ":?" || argument !== "";
}

/** Reads from token to token: `${` starts a substitution, `}` is the end, and any other token is text. */
function readUntil(text: string, start: number, tokens: RegExp): Substitutions {
  const found: Substitution[] = [];
  tokens.lastIndex = start;
  let token = tokens.exec(text);
  while (token !== null && token[0] !== "}") {
    if (token[0] === "${") {
      const substitution = readOne(text, token.index);
      if (substitution === undefined) return { found, end: token.index, fault: token.index };
      found.push(substitution);
      tokens.lastIndex = substitution.end;
    }
    token = tokens.exec(text);
  }
  return { found, end: token?.index ?? text.length };
}

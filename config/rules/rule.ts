/** Why a value breaks a rule. */
export interface Violation {
  /** The fault, to be read after the value: `is longer than 63 characters`. */
  readonly message: string;
  readonly fix?: string | undefined;
}

/** The first reason why a value is not allowed; undefined when it is. */
export type Check = (value: string) => Violation | undefined;

/** The required form of a text. */
export interface Rule {
  /**
   * Regular expression that every allowed value matches, for editors; `check` may be stricter. Empty when any text does.
   * Written in the dialect that JSON Schema shares with JavaScript.
   */
  readonly pattern: string;
  /** In characters, for editors. @default - unlimited, or implied by the pattern */
  readonly maxLength?: number;
  /** Sentences that editors show in place of the pattern. @default - there is no pattern */
  readonly hint?: string;
  /** The remedy for a number without quotes. @default - to put it in quotes */
  readonly numberFix?: string;
  readonly check: Check;
}

/** A rule that makes further checks, in their order, of values that the given one allows. */
export function ruleOf(base: Omit<Rule, "check"> & Partial<Rule>, ...checks: readonly Check[]): Rule {
  const check: Check = (value) =>
    checks.reduce((violation, further) => violation ?? further(value), base.check?.(value));
  return { ...base, check };
}

/** A check that refuses the values that match an expression. */
export function refuse(expression: RegExp, message: string, fix?: string): Check {
  return (value) => (expression.test(value) ? { message, fix } : undefined);
}

/** A check that refuses the values that do not match an expression. */
export function demand(expression: RegExp, message: string, fix?: string): Check {
  return (value) => (expression.test(value) ? undefined : { message, fix });
}

/** A check of a value's length, in characters. */
export function atMost(length: number, fix?: string): Check {
  return (value) => (value.length > length ? { message: `is longer than ${length} characters`, fix } : undefined);
}

/** The text that an editor shows for a value that does not match. @param form as {@link patternRule} has it */
export function hintOf(form: string, fix?: string): string {
  return [`Not ${form}.`, ...(fix === undefined ? [] : [`${fix}.`])].join(" ");
}

/**
 * A rule that is no more than a pattern and a length.
 * @param form what is allowed, to be read after "is not": `a DNS label: lower-case letters, digits and "-"`
 */
export function patternRule(args: {
  readonly pattern: string;
  readonly form: string;
  readonly fix?: string;
  readonly maxLength?: number;
}): Rule {
  const { form, fix, ...pattern } = args;
  const base = { ...pattern, hint: hintOf(form, fix) };
  return ruleOf(
    base,
    refuse(/^$/, "is empty", fix),
    atMost(base.maxLength ?? Number.POSITIVE_INFINITY, "Choose a shorter one"),
    demand(new RegExp(base.pattern, "u"), `is not ${form}`, fix),
  );
}

/** Why a value breaks a rule. */
export interface Violation {
  /** The fault, to be read after the value: `is longer than 63 characters`. */
  readonly message: string;
  /** The fix. @default - the message says it all */
  readonly fix?: string | undefined;
}

/** The required form of a text. */
export interface Rule {
  /**
   * Regular expression that every allowed value matches, for editors; `check` may be stricter. Empty when any text does.
   * Written in the dialect that JSON Schema shares with JavaScript.
   */
  readonly pattern: string;
  /** In characters, for editors. @default - unlimited, or implied by the pattern */
  readonly maxLength?: number;
  /** The first reason why the value is not allowed; undefined when it is. */
  check(value: string): Violation | undefined;
}

/**
 * A rule that is no more than a pattern and a length.
 *
 * @param form what is allowed, to be read after "is not": `a DNS label: lower-case letters, digits and "-"`
 */
export function patternRule(args: {
  readonly pattern: string;
  readonly form: string;
  readonly fix?: string;
  readonly maxLength?: number;
}): Rule {
  const { pattern, form, fix, maxLength } = args;
  const expression = new RegExp(pattern, "u");
  return {
    pattern,
    ...(maxLength === undefined ? {} : { maxLength }),
    check(value) {
      if (value === "") return { message: "is empty", fix };
      if (maxLength !== undefined && value.length > maxLength) {
        return { message: `is longer than ${maxLength} characters`, fix: "Choose a shorter one" };
      }
      return expression.test(value) ? undefined : { message: `is not ${form}`, fix };
    },
  };
}

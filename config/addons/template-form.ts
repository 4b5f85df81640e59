/** Actions of the templates of one field together, and so the copies of a value that they can make. */
export const MOST_ACTIONS = 50;

/** A text in quotes, without escapes, parentheses of actions and verbs of a format. */
const quoted = '"[^"\\\\{}%]*"';

/** A value: `.password`, or `index . "tls.crt"`. */
const field = '([.][A-Za-z0-9_.]+|index [.] "[-A-Za-z0-9._]+")';

/** A value, or up to three of them in a format. */
const value = `(${field}|printf "([^"\\\\{}%]|%s)*"( [.][A-Za-z0-9_.]+){1,3}|[(]printf "([^"\\\\{}%]|%s)*"( [.][A-Za-z0-9_.]+){1,3}[)])`;

/** Functions that change a value, and make it a few times longer at most. */
const functions = [
  "b64(dec|enc)",
  "jwkP(rivate|ublic)KeyPem",
  "lower",
  "n?indent [0-9]",
  "nospace",
  "pem(Certificate|PrivateKey)",
  "s?quote",
  "sha256sum",
  "to(Json|String)",
  "trim",
  "upper",
  `(default|filterCertChain|filterPEM|trimPrefix|trimSuffix) ${quoted}`,
].join("|");

const piped = `${value}( *[|] *(${functions})){0,3}`;

/** An action, with marks that trim the spaces around it. Conditions do not repeat anything. */
const action = `[{][{](- )? *(${piped}|(else )?if ${field}|else|end) *( -)?[}][}]`;

/**
 * Templates of external-secrets that only put values into a text, as a regular expression (RE2). One worker renders the templates
 * of all tenants. Loops, definitions that call each other, and functions that create keys or repeat a text could use all of
 * its memory and time: `until 2000000000` does. So all is refused that is not known to be cheap, and not the reverse.
 * @see https://external-secrets.io/latest/guides/templating/
 */
export const TEMPLATE_PATTERN = `^([^{]|[{][^{]|${action})*[{]?$`;

/**
 * A pipe that indents a value twice. The second time adds spaces to the lines of the first one, so that a value of line breaks
 * becomes thirty times as long.
 */
export const INDENTED_TWICE = "[|] *n?indent [0-9][^}]*[|] *n?indent [0-9]";

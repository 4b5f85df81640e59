/** The functions that Flagger gives to templates of queries: all are values. */
const insertion =
  '(name|namespace|target|service|ingress|route|interval|variables[.][A-Za-z0-9_]+|index variables "[^"\\\\{}%]*")';

/**
 * Queries of Flagger whose actions insert a value each, as a regular expression (RE2).
 * @see https://pkg.go.dev/text/template
 */
export const QUERY_PATTERN = `^([^{]|[{][^{]|[{][{](- )? *${insertion}( *| +-)[}][}])*[{]?$`;

/** Actions of a query, and so the copies of a value of `templateVariables` that it can make. */
export const MOST_QUERY_ACTIONS = 50;

/** Letters of a value of `templateVariables`, which a query can insert many times. */
export const MOST_VARIABLE_LETTERS = 1000;

import { patternRule } from "./rule.js";

/**
 * A tag or a commit: what Git would take for an option or a path is refused.
 * @see https://git-scm.com/docs/git-check-ref-format
 */
export const gitTag = patternRule({
  pattern: "^[A-Za-z0-9_][A-Za-z0-9._/+-]*$",
  maxLength: 244,
  form: "a tag",
  fix: "Write it as Git has it, for instance v1.4.2",
});

/** A whole commit: a shortened one could come to mean another commit. */
export const gitCommit = patternRule({
  pattern: "^[0-9a-f]{40}$",
  form: "a whole commit: 40 digits of 0-9 and a-f",
  fix: "git rev-parse COMMIT prints it",
});

const version = "v?[0-9xX*]+(\\.[0-9xX*]+){0,2}(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?";
// White space belongs to the operator alone: where two readings were possible, a fault would be looked for in all of them.
const comparison = `((=|!=|>|<|>=|=>|<=|=<|~|~>|\\^)\\s*)?${version}`;
const group = `${comparison}([\\s,]+${comparison}|\\s+-\\s+${version})*`;

/**
 * A range of semantic versions, as source-controller and image-reflector-controller read it.
 * @see https://github.com/Masterminds/semver#checking-version-constraints
 */
export const semverRange = patternRule({
  pattern: `^\\s*${group}(\\s*\\|\\|\\s*${group})*\\s*$`,
  maxLength: 200,
  form: "a range of versions",
  fix: 'Write it like "~1.4" or ">=1.0.0 <2.0.0"',
});

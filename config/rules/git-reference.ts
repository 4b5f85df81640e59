import { atMost, demand, hintOf, patternRule, refuse, ruleOf } from "./rule.js";

/**
 * A tag or a commit: what Git would take for an option or a path is refused.
 * @see https://git-scm.com/docs/git-check-ref-format
 */
export const gitTag = ruleOf(
  patternRule({
    pattern: "^[A-Za-z0-9_][A-Za-z0-9._/+-]*$",
    maxLength: 244,
    form: "a tag",
    fix: "Write it as Git has it, for instance v1.4.2",
  }),
  // Such a tag can lead to another commit, and readers and promotion would take it for the commit itself.
  refuse(/^[0-9a-f]{40}$/, "looks like a commit", "Write the commit as commit, or choose another tag"),
);

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

const pathFix = "Write a path from the root of the repository, for instance ./deploy/staging";

/**
 * Folder in a repository, from its root: `./deploy/staging`. It starts with `./`, so that it does not look like a path
 * of the machine, and has no `..`: Flux refuses a path that leaves the repository only when it syncs.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#path
 */
export const repositoryPath = ruleOf(
  { pattern: "^\\./[^\\\\\\p{Cc}]*$", maxLength: 1024, hint: hintOf("a folder of the repository", pathFix) },
  demand(/^\.\//, 'does not start with "./"', pathFix),
  atMost(1024, pathFix),
  refuse(/[\\\p{Cc}]/u, "contains a backslash or a control character", pathFix),
  refuse(/\/\.\.(\/|$)/, 'contains "..", which could leave the repository', pathFix),
  // "./" is the root itself; one "/" at the end does no harm.
  refuse(/\/\/|\/\.(\/|$)/, 'contains an empty part or "."', pathFix),
);

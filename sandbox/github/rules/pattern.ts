/**
 * Whether the emulator understands a pattern of a ruleset: `~ALL`, `~DEFAULT_BRANCH`, or a reference's full name.
 * @see https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-fnmatch-syntax
 */
export function isSupported(pattern: string): boolean {
  return pattern === "~ALL" || pattern === "~DEFAULT_BRANCH" || /^refs\/heads\/[^*?[\\]+$/.test(pattern);
}

/**
 * Whether a ruleset applies to a reference.
 * @param ref in full: `refs/heads/main`
 */
export function matchesRef(
  refName: { include: readonly string[]; exclude: readonly string[] } | null,
  ref: string,
  defaultBranch: string,
): boolean {
  if (refName === null) return false;
  const matches = (pattern: string): boolean =>
    pattern === "~ALL" || pattern === ref || (pattern === "~DEFAULT_BRANCH" && ref === `refs/heads/${defaultBranch}`);
  return refName.include.some(matches) && !refName.exclude.some(matches);
}

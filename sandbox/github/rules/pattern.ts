/**
 * Patterns of reference names, as rulesets have them: `*` and `?` stop at a slash, `**` followed by a slash stands for any
 * number of directories, `[ab]` for one of several characters.
 * @see https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-fnmatch-syntax
 */
export function matchesPattern(pattern: string, name: string): boolean {
  return new RegExp(`^${expression(pattern)}$`).test(name);
}

function expression(pattern: string): string {
  let result = "";
  for (let index = 0; index < pattern.length; index++) {
    const rest = pattern.slice(index);
    const set = /^\[(!?)([^\]/]+)\]/.exec(rest);
    if (rest.startsWith("**/")) {
      result += "(?:[^/]+/)*";
      index += 2;
    } else if (rest.startsWith("*")) result += "[^/]*";
    else if (rest.startsWith("?")) result += "[^/]";
    else if (set?.[2] !== undefined) {
      result += `[${set[1] === "!" ? "^/" : ""}${set[2].replaceAll(/[\\^]/g, "\\$&")}]`;
      index += set[0].length - 1;
    } else result += rest.charAt(0).replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  }
  return result;
}

/**
 * Whether a ruleset speaks about a reference.
 * @param ref in full: `refs/heads/main`
 */
export function matchesRef(
  refName: { include: readonly string[]; exclude: readonly string[] } | null,
  ref: string,
  defaultBranch: string,
): boolean {
  if (refName === null) return false;
  const matches = (pattern: string): boolean =>
    pattern === "~ALL" ||
    (pattern === "~DEFAULT_BRANCH" && ref === `refs/heads/${defaultBranch}`) ||
    matchesPattern(pattern, ref);
  return refName.include.some(matches) && !refName.exclude.some(matches);
}

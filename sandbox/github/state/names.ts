/**
 * Repository names as GitHub allows them: letters, digits, `-`, `_` and `.`, at most 100.
 *
 * GitHub replaces other characters by `-`; here they are refused, so that a wrong name is noticed, and so that no
 * name can ever lead out of the directory of repositories.
 * @returns what is wrong with the name, or undefined.
 */
export function repositoryNameProblem(name: string): string | undefined {
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(name)) {
    return "name may have letters, digits, '-', '_' and '.' only, at most 100 of them";
  }
  if (name === "." || name === "..") return "name is reserved";
  if (/\.(git|wiki)$/i.test(name)) return "name must not end in .git or .wiki";
  return undefined;
}

/** GitHub's logins: letters, digits and single inner hyphens, at most 39. */
export function isLogin(login: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}$/.test(login);
}

/** The part of a team's URL that stands for its name. */
export function teamSlug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
}

/** GitHub's topics: lower case letters, digits and hyphens, beginning with a letter or digit, at most 50. */
export function isTopic(topic: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,49}$/.test(topic);
}

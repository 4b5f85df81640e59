/**
 * The oldest Git that serves the repositories: it merges without a work tree.
 * @see https://github.com/git/git/blob/v2.38.0/Documentation/RelNotes/2.38.0.txt
 */
export const oldestGit = "2.38.0";

import { notFound } from "./errors.js";

/** The folder whose files a classic token writes with the scope `workflow` only. */
const workflows = ".github/workflows/";

/**
 * The scopes of the owner's token. It is a fine-grained token, which may do everything, until a test makes it a classic one.
 * @see https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
 */
export class TokenScopes {
  /** Undefined for a token that is not a classic one. */
  list: readonly string[] | undefined;

  /**
   * Refuses to write a workflow without the scope. GitHub answers as if there were no such path.
   * @throws 404
   * @see https://github.com/octokit/octokit.rb/issues/1184
   */
  requireFor(path: string): void {
    if (this.list !== undefined && path.startsWith(workflows) && !this.list.includes("workflow")) throw notFound();
  }
}

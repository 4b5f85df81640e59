import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";
import { retry } from "@octokit/plugin-retry";

/** Status codes that no retry changes. GitHub answers 409 for a repository without a commit. */
const finalAnswers = [400, 401, 403, 404, 409, 410, 422, 451];

/** A client of GitHub's REST API with retries. It reads `GITHUB_TOKEN` and `GITHUB_BASE_URL`. */
export function gitHubClient(environment: Readonly<Record<string, string | undefined>>) {
  const { GITHUB_TOKEN: auth, GITHUB_BASE_URL: base } = environment;
  const GitHub = Octokit.plugin(paginateRest, retry);
  return new GitHub({ auth, baseUrl: restUrl(base), userAgent: "fleet", retry: { doNotRetry: finalAnswers } });
}

/**
 * URL of the REST API. GitHub Enterprise Server puts it under `/api/v3` of its host.
 * @see https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api
 */
export function restUrl(base = ""): string {
  const { hostname, origin, pathname } = new URL(base || "https://api.github.com");
  if (hostname === "api.github.com") return "https://api.github.com";
  return `${origin}${pathname.replace(/\/+$/, "").replace(/\/api\/v3$/, "")}/api/v3`;
}

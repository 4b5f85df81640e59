import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";
import { retry } from "@octokit/plugin-retry";
import { fetchBy } from "../network/fetch.js";
import { gitHubServer } from "./base-url.js";
import { DEFAULT_LIMITS, limitedFetch, type RequestLimits } from "./fetch.js";

/**
 * Status codes that no retry changes. GitHub answers 409 for a repository without a commit. `limitedFetch` waits for
 * rate limits (403, 429).
 */
const finalAnswers = [400, 401, 403, 404, 409, 410, 422, 429, 451];

/** Variables of the process, as `process.env` has them. */
type Variables = Readonly<Record<string, string | undefined>>;

/** A client of GitHub's REST API. */
export type GitHubClient = ReturnType<typeof gitHubClient>;

/** URL of the REST API that the client asks, without a slash at its end. */
export function restUrl({ GITHUB_BASE_URL: base }: Variables): string {
  return gitHubServer(base || undefined).rest;
}

/**
 * A client of GitHub's REST API with retries, time-outs and the proxy of the environment. It reads `GITHUB_TOKEN` and
 * `GITHUB_BASE_URL`.
 */
export function gitHubClient(environment: Variables, limits: RequestLimits = DEFAULT_LIMITS) {
  const { GITHUB_TOKEN: auth } = environment;
  const baseUrl = restUrl(environment);
  const GitHub = Octokit.plugin(paginateRest, retry);
  const request = { fetch: limitedFetch(fetchBy(environment), limits) };
  return new GitHub({ auth, baseUrl, request, userAgent: "fleet", retry: { doNotRetry: finalAnswers } });
}

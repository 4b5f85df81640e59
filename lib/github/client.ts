import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";
import { retry } from "@octokit/plugin-retry";
import type { Environment } from "../config/stack/environment.js";
import { gitHubServer } from "../lib/github/base-url.js";
import { DEFAULT_LIMITS, limitedFetch, type RequestLimits } from "../lib/github/fetch.js";
import { fetchBy } from "../lib/network/fetch.js";

/**
 * Status codes that no retry changes. GitHub answers 409 for a repository without a commit. `limitedFetch` waits for
 * rate limits (403, 429).
 */
const finalAnswers = [400, 401, 403, 404, 409, 410, 422, 429, 451];

/** URL of the REST API that the client asks, without a slash at its end. */
export function restUrl({ GITHUB_BASE_URL: base }: Environment): string {
  return gitHubServer(base || undefined).rest;
}

/**
 * A client of GitHub's REST API with retries, time-outs and the proxy of the environment. It reads `GITHUB_TOKEN` and
 * `GITHUB_BASE_URL`.
 */
export function gitHubClient(environment: Environment, limits: RequestLimits = DEFAULT_LIMITS) {
  const { GITHUB_TOKEN: auth } = environment;
  const baseUrl = restUrl(environment);
  const GitHub = Octokit.plugin(paginateRest, retry);
  const request = { fetch: limitedFetch(fetchBy(environment), limits) };
  return new GitHub({ auth, baseUrl, request, userAgent: "fleet", retry: { doNotRetry: finalAnswers } });
}

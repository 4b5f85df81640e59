import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";
import { retry } from "@octokit/plugin-retry";
import type { Environment } from "../config/stack/environment.js";
import { gitHubServer } from "../lib/github/base-url.js";
import { DEFAULT_LIMITS, limitedFetch, type RequestLimits, type Send } from "../lib/github/fetch.js";
import { proxyFor } from "../lib/network/proxy.js";

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
export async function gitHubClient(environment: Environment, limits: RequestLimits = DEFAULT_LIMITS) {
  const { GITHUB_TOKEN: auth } = environment;
  const baseUrl = restUrl(environment);
  const GitHub = Octokit.plugin(paginateRest, retry);
  const request = { fetch: limitedFetch(await sender(baseUrl, environment), limits) };
  return new GitHub({ auth, baseUrl, request, userAgent: "fleet", retry: { doNotRetry: finalAnswers } });
}

/** Sends requests by the proxy of a URL. Node's own `fetch` knows no proxies, and most runs need none. */
async function sender(url: string, environment: Environment): Promise<Send> {
  const proxy = proxyFor(url, environment);
  if (proxy === undefined) return fetch;
  const { fetch: fetchBy, ProxyAgent } = await import("undici");
  const dispatcher = new ProxyAgent(proxy);
  return async (target, init) => fetchBy(target, { ...init, dispatcher });
}

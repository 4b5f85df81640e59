/** Host of GitHub's pages, and of its API. */
const pages = "github.com";
const api = "api.github.com";

/** Hosts of GitHub Enterprise Cloud with data residency. Its API is at `api.SUBDOMAIN.ghe.com`. */
const residencyApi = /^api\.[a-z0-9-]+\.ghe\.com$/;
const residency = /\.ghe\.com$/;

/** A GitHub that a base URL leads to. */
export interface GitHubServer {
  /** URL of the REST API, without a slash at its end. */
  readonly rest: string;
  /** Host of the pages and of clones by https, with its port if it is not the usual one. */
  readonly host: string;
  /** Whether it is a GitHub Enterprise Server, which may have any host. */
  readonly enterpriseServer: boolean;
}

/**
 * The GitHub of a base URL, by the rules of GitHub's provider, so that both ask the same server. A GitHub Enterprise
 * Server has the REST API under `/api/v3` of its host.
 * @see https://github.com/integrations/terraform-provider-github/blob/v6.13.0/github/config.go getBaseURL
 * @param baseUrl `GITHUB_BASE_URL` @default github.com
 */
export function gitHubServer(baseUrl = `https://${api}`): GitHubServer {
  const { hostname, host, origin, pathname } = new URL(baseUrl);
  if (hostname === api || hostname === pages) return { rest: `https://${api}`, host: pages, enterpriseServer: false };
  if (residency.test(hostname)) {
    const apiHost = residencyApi.test(hostname) ? host : `api.${host}`;
    return { rest: `https://${apiHost}`, host: apiHost.replace(/^api\./, ""), enterpriseServer: false };
  }
  const path = pathname
    .replace(/\/+/g, "/")
    .replace(/\/$/, "")
    .replace(/\/api\/v3$/, "");
  return { rest: `${origin}${path}/api/v3`, host, enterpriseServer: true };
}

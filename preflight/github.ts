import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";
import { retry } from "@octokit/plugin-retry";
import type { ExistingRepository } from "../components/github/repository.js";
import { FleetError } from "../lib/diagnostics/problem.js";

/** Repositories of the organisation by their name in lower case: GitHub's names differ by more than case. */
export type Repositories = ReadonlyMap<string, ExistingRepository>;

/**
 * Every repository of the organisation that the token can see, at one request for each hundred: fewer than one for
 * each tenant, and so a preview's cost does not grow with tenants.
 *
 * @param environment `GITHUB_TOKEN`, and `GITHUB_BASE_URL` for another server than github.com
 * @throws FleetError naming the organisation and what GitHub answered
 * @see https://docs.github.com/en/rest/repos/repos#list-organization-repositories
 */
export async function listRepositories(
  owner: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Repositories> {
  const client = gitHubClient(environment);
  try {
    const found = await client.paginate("GET /orgs/{org}/repos", { org: owner, type: "all", per_page: 100 });
    return new Map(
      found.map((repository) => [
        repository.name.toLowerCase(),
        {
          name: repository.name,
          sshUrl: repository.ssh_url ?? "",
          htmlUrl: repository.html_url,
          topics: repository.topics ?? [],
          archived: repository.archived ?? false,
        },
      ]),
    );
  } catch (error) {
    throw new FleetError([
      {
        file: "environment",
        path: "GITHUB_TOKEN",
        message: `GitHub (${restUrl(environment.GITHUB_BASE_URL)}) did not list the repositories of ${owner}: ${String(error)}`,
        fix: "Check GITHUB_OWNER, GITHUB_BASE_URL and that the token may read the organisation",
      },
    ]);
  }
}

/** Answers that stay what they are however often one asks; 409 is that of a repository without a commit. */
const finalAnswers = [400, 401, 403, 404, 409, 410, 422, 451];

/** A client of GitHub's REST API that tries again what may pass: `GITHUB_TOKEN` and `GITHUB_BASE_URL` say where and as whom. */
export function gitHubClient(environment: Readonly<Record<string, string | undefined>>) {
  const { GITHUB_TOKEN: auth, GITHUB_BASE_URL: base } = environment;
  const GitHub = Octokit.plugin(paginateRest, retry);
  return new GitHub({ auth, baseUrl: restUrl(base), userAgent: "fleet", retry: { doNotRetry: finalAnswers } });
}

/**
 * Address of the REST API: GitHub Enterprise Server puts it under `/api/v3` of its host.
 * @see https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api
 */
export function restUrl(base: string | undefined): string {
  if (base === undefined || base === "") return "https://api.github.com";
  const url = new URL(base);
  if (url.hostname === "api.github.com") return "https://api.github.com";
  return `${url.origin}${url.pathname.replace(/\/+$/, "").replace(/\/api\/v3$/, "")}/api/v3`;
}

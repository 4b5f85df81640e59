import { FleetError } from "../lib/diagnostics/problem.js";
import { gitHubClient, restUrl } from "../lib/github/client.js";
import type { ExistingRepositories } from "../lib/github/existing.js";

/**
 * The repositories of the organisation that the token can see, with one request for each hundred. One request for each
 * tenant would let the cost of a preview grow with the tenants.
 *
 * @param environment `GITHUB_TOKEN`, and `GITHUB_BASE_URL` for another server than github.com
 * @throws FleetError with the organisation and GitHub's answer
 * @see https://docs.github.com/en/rest/repos/repos#list-organization-repositories
 */
export async function listRepositories(
  owner: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ExistingRepositories> {
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

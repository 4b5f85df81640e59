import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";
import { retry } from "@octokit/plugin-retry";
import type { FleetSpec } from "../config/fleet-spec.js";
import type { Environment } from "../config/stack/environment.js";
import { fleetError } from "../lib/diagnostics/problem.js";
import type { ExistingGitHub, ExistingRepositories } from "../lib/github/existing.js";

/** Status codes that no retry changes. GitHub answers 409 for a repository without a commit. */
const finalAnswers = [400, 401, 403, 404, 409, 410, 422, 451];

/** A client of GitHub's REST API with retries. It reads `GITHUB_TOKEN` and `GITHUB_BASE_URL`. */
function gitHubClient(environment: Environment) {
  const { GITHUB_TOKEN: auth, GITHUB_BASE_URL: base } = environment;
  const GitHub = Octokit.plugin(paginateRest, retry);
  return new GitHub({ auth, baseUrl: restUrl(base), userAgent: "fleet", retry: { doNotRetry: finalAnswers } });
}

/**
 * URL of the REST API. GitHub Enterprise Server puts it under `/api/v3` of its host.
 * @see https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api
 */
function restUrl(base = ""): string {
  const { hostname, origin, pathname } = new URL(base || "https://api.github.com");
  if (hostname === "api.github.com") return "https://api.github.com";
  return `${origin}${pathname.replace(/\/+$/, "").replace(/\/api\/v3$/, "")}/api/v3`;
}

const refusal = (message: string, fix: string) => fleetError("environment", "GITHUB_TOKEN", message, fix);

/** GitHub's answer to a question. @throws FleetError with the message, GitHub's answer and the remedy */
async function ask<Answer>(
  environment: Environment,
  { message, fix }: { readonly message: string; readonly fix: string },
  question: (client: ReturnType<typeof gitHubClient>) => Promise<Answer>,
): Promise<Answer> {
  return await question(gitHubClient(environment)).catch((error: unknown) => {
    throw refusal(`${message}: ${String(error)}`, fix);
  });
}

/** Handles an error of GitHub whose status means that there is nothing. */
function nothingIf<Nothing>(statuses: readonly number[], nothing: Nothing): (error: unknown) => Nothing {
  return (error) => {
    if (error instanceof Error && "status" in error && statuses.some((status) => status === error.status))
      return nothing;
    throw error;
  };
}

/**
 * The repositories of the organisation that the token can see, with one request for each hundred. One request for each
 * tenant would let the cost of a preview grow with the tenants.
 * @throws FleetError with the organisation and GitHub's answer
 * @see https://docs.github.com/en/rest/repos/repos#list-organization-repositories
 */
export async function listRepositories(owner: string, environment: Environment): Promise<ExistingRepositories> {
  const message = `GitHub (${restUrl(environment.GITHUB_BASE_URL)}) did not list the repositories of ${owner}`;
  const fix = "Check GITHUB_OWNER, GITHUB_BASE_URL and that the token may read the organisation";
  const found = await ask(environment, { message, fix }, (client) =>
    client.paginate("GET /orgs/{org}/repos", { org: owner, type: "all", per_page: 100 }),
  );
  return new Map(
    found.map(({ name, ssh_url, html_url: htmlUrl, topics, archived }) => [
      name.toLowerCase(),
      { name, sshUrl: ssh_url ?? "", htmlUrl, topics: topics ?? [], archived: archived ?? false },
    ]),
  );
}

/**
 * The teams of the organisation that the token can see, with one request for each hundred. Empty when no tenant has a
 * team, or when another stack creates them.
 * @throws FleetError with the organisation and GitHub's answer
 * @see https://docs.github.com/en/rest/teams/teams#list-teams
 */
export async function listTeams(
  { github: { owner, ownsRepositories }, tenants, tenantsElsewhere }: FleetSpec,
  environment: Environment,
): Promise<ExistingGitHub["teams"]> {
  if (!ownsRepositories || [...tenants, ...tenantsElsewhere].every(({ team }) => team === undefined)) return new Map();
  const message = `GitHub did not list the teams of ${owner}`;
  const fix =
    "Check that the token may read and write the organisation's members (classic: admin:org), and that GITHUB_OWNER is an organisation: a user has no teams";
  const found = await ask(environment, { message, fix }, (client) =>
    client.paginate("GET /orgs/{org}/teams", { org: owner, per_page: 100 }),
  );
  return new Map(found.map(({ id, slug, description }) => [slug, { id, slug, description: description ?? "" }]));
}

/**
 * The paths of all files on a branch, listed with one request.
 * @throws FleetError with the repository and GitHub's answer, or when it has more files than GitHub lists
 * @see https://docs.github.com/en/rest/git/trees#get-a-tree
 */
export async function listFiles(
  { owner, repo, branch }: Readonly<Record<"owner" | "repo" | "branch", string>>,
  environment: Environment,
): Promise<ReadonlySet<string>> {
  const message = `GitHub did not list the files of ${owner}/${repo}`;
  const fix = "Check that the token may read the contents of that repository";
  const { data } = await ask(environment, { message, fix }, (client) =>
    client
      .request("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", { owner, repo, tree_sha: branch, recursive: "1" })
      // GitHub answers 404 without the branch, and 409 without a first commit.
      .catch(nothingIf([404, 409], { data: { tree: [], truncated: false } })),
  );
  if (data.truncated) {
    throw refusal(`${message} to the end: there are too many`, "Give the platform a repository of its own");
  }
  return new Set(data.tree.filter(({ type }) => type === "blob").map(({ path }) => path));
}

/**
 * The name that a repository has now, to which GitHub redirects its former one.
 * @returns undefined when there is no such repository, or when it belongs to another owner now
 * @throws FleetError with the repository and GitHub's answer
 * @see https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
 */
export async function currentName(owner: string, repo: string, environment: Environment): Promise<string | undefined> {
  const message = `GitHub did not say what became of ${owner}/${repo}`;
  const fix = "Check that the token may read the organisation's repositories";
  const found = await ask(environment, { message, fix }, (client) =>
    client.request("GET /repos/{owner}/{repo}", { owner, repo }).catch(nothingIf([404, 451], undefined)),
  );
  return found?.data.owner.login.toLowerCase() === owner.toLowerCase() ? found.data.name : undefined;
}

/**
 * The rulesets of a repository.
 * @throws FleetError with the repository and GitHub's answer
 * @see https://docs.github.com/en/rest/repos/rules#get-all-repository-rulesets
 */
export async function listRulesets(owner: string, repo: string, environment: Environment) {
  const message = `GitHub did not list the rulesets of ${owner}/${repo}`;
  const fix = "Check that the token may administer that repository";
  return await ask(environment, { message, fix }, (client) =>
    client
      .paginate("GET /repos/{owner}/{repo}/rulesets", { owner, repo, includes_parents: false, per_page: 100 })
      // GitHub's free plan has no rulesets for private repositories. Its creation fails with an explanation.
      .catch(nothingIf([403], [])),
  );
}

import { z } from "zod";
import type { FleetSpec } from "../config/fleet-spec.js";
import type { Environment } from "../config/stack/environment.js";
import { fleetError } from "../lib/diagnostics/problem.js";
import { gitHubClient, restUrl } from "../lib/github/client.js";
import { credentialVariable } from "../lib/github/credentials.js";
import type { ExistingGitHub, ExistingRepositories } from "../lib/github/existing.js";
import { NoAnswer } from "../lib/github/fetch.js";

const refusal = (message: string, fix: string, { file, path }: Place) => fleetError(file, path, message, fix);

/** The setting that holds the token of a request. */
export interface Place {
  readonly file: string;
  readonly path: string;
}

interface Question<Answer> {
  readonly message: string;
  readonly fix: string;
  /** The form of the answer. A proxy or another server may answer with anything. */
  readonly answer: z.ZodType<Answer>;
  /** @default - the environment's credentials */
  readonly place?: Place;
}

/** GitHub's answer to a question. @throws FleetError with the message, GitHub's answer and the remedy */
export async function ask<Answer>(
  environment: Environment,
  { message, fix, answer, place = placeOf(environment) }: Question<Answer>,
  question: (client: ReturnType<typeof gitHubClient>) => Promise<unknown>,
): Promise<Answer> {
  const other = `${message}: the answer is not that of GitHub's REST API`;
  const check = "Check GITHUB_BASE_URL and the proxy";
  const given = await question(gitHubClient(environment)).catch((error: unknown) => {
    // Octokit reads lists before the check below.
    if (error instanceof TypeError) throw refusal(other, check, place);
    // A proxy's refusal may be a page of HTML.
    const [line = ""] = (error instanceof NoAnswer ? error.message : String(error)).split("\n", 1);
    throw refusal(`${message}: ${line.slice(0, 300)}`, fix, place);
  });
  const parsed = answer.safeParse(given);
  if (parsed.success) return parsed.data;
  throw refusal(other, check, place);
}

function placeOf(environment: Environment): Place {
  return { file: "environment", path: credentialVariable(environment) };
}

/** Handles an error of GitHub whose status means that there is nothing. */
export function nothingIf<Nothing>(statuses: readonly number[], nothing: Nothing): (error: unknown) => Nothing {
  return (error) => {
    if (error instanceof Error && "status" in error && statuses.some((status) => status === error.status))
      return nothing;
    throw error;
  };
}

const repository = z.object({
  node_id: z.string().optional(),
  name: z.string(),
  ssh_url: z.string().default(""),
  html_url: z.string(),
  topics: z.array(z.string()).default([]),
  archived: z.boolean().default(false),
  default_branch: z.string().optional(),
  size: z.number().optional(),
});
const team = z.object({
  node_id: z.string().optional(),
  id: z.number(),
  slug: z.string(),
  description: z.string().nullish(),
});
const tree = z.object({
  truncated: z.boolean(),
  tree: z.array(z.object({ type: z.string(), path: z.string() })),
});
const meta = z.object({ data: z.object({ ssh_keys: z.array(z.string()).default([]) }).optional() });
const owned = z.object({
  data: z.object({ name: z.string(), owner: z.object({ login: z.string() }) }).optional(),
});
const collaborator = z.object({
  login: z.string(),
  role_name: z.string(),
  permissions: z.object({ push: z.boolean() }),
});
const member = z.object({ login: z.string() });
const organization = z.object({
  data: z.object({
    default_repository_permission: z.string().nullish(),
    plan: z.object({ name: z.string() }).nullish(),
  }),
  headers: z.object({ "x-oauth-scopes": z.string().optional() }).default({}),
});
const ruleset = z.object({ id: z.number(), name: z.string() });

/**
 * The repositories of the organisation that the token can see, with one request for each hundred. One request for each
 * tenant would let the cost of a preview grow with the tenants.
 * @throws FleetError with the organisation and GitHub's answer
 * @see https://docs.github.com/en/rest/repos/repos#list-organization-repositories
 */
export async function listRepositories(owner: string, environment: Environment): Promise<ExistingRepositories> {
  const message = `GitHub (${restUrl(environment)}) did not list the repositories of ${owner}`;
  const fix = "Check GITHUB_OWNER, GITHUB_BASE_URL and that the token may read the organisation";
  const found = await ask(environment, { message, fix, answer: z.array(repository) }, (client) =>
    client.paginate("GET /orgs/{org}/repos", { org: owner, type: "all", per_page: 100 }),
  );
  return new Map(
    found.map(({ node_id: nodeId, name, ssh_url, html_url: htmlUrl, topics, archived, default_branch, size }) => [
      name.toLowerCase(),
      { nodeId, name, sshUrl: ssh_url, htmlUrl, topics, archived, defaultBranch: default_branch, size },
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
  const found = await ask(environment, { message, fix, answer: z.array(team) }, (client) =>
    client.paginate("GET /orgs/{org}/teams", { org: owner, per_page: 100 }),
  );
  return new Map(
    found.map(({ node_id: nodeId, id, slug, description }) => {
      return [slug, { nodeId, id, slug, description: description ?? "" }];
    }),
  );
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
  const { data } = await ask(environment, { message, fix, answer: z.object({ data: tree }) }, (client) =>
    client
      .request("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", { owner, repo, tree_sha: branch, recursive: "1" })
      // GitHub answers 404 without the branch, and 409 without a first commit.
      .catch(nothingIf([404, 409], { data: { tree: [], truncated: false } })),
  );
  if (data.truncated) {
    const remedy = "Give the platform a repository of its own";
    throw refusal(`${message} to the end: there are too many`, remedy, placeOf(environment));
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
  const { data } = await ask(environment, { message, fix, answer: owned }, (client) =>
    client.request("GET /repos/{owner}/{repo}", { owner, repo }).catch(nothingIf([404, 451], { data: undefined })),
  );
  return data?.owner.login.toLowerCase() === owner.toLowerCase() ? data.name : undefined;
}

/**
 * Whether a repository has a branch.
 * @throws FleetError with the repository and GitHub's answer
 * @see https://docs.github.com/en/rest/branches/branches#get-a-branch
 */
export async function hasBranch(owner: string, repo: string, branch: string, environment: Environment) {
  const message = `GitHub did not show the branch ${branch} of ${owner}/${repo}`;
  const fix = "Check that the token may read the contents of that repository";
  const { data } = await ask(environment, { message, fix, answer: z.object({ data: z.unknown() }) }, (client) =>
    client
      .request("GET /repos/{owner}/{repo}/branches/{branch}", { owner, repo, branch })
      .catch(nothingIf([404, 409], { data: undefined })),
  );
  return data !== undefined;
}

/**
 * The SSH host keys that GitHub's API lists. Undefined when GitHub refuses the token.
 * @throws FleetError with GitHub's answer
 * @see https://docs.github.com/en/rest/meta/meta#get-github-meta-information
 */
export async function listHostKeys(environment: Environment): Promise<readonly string[] | undefined> {
  const message = `GitHub (${restUrl(environment)}) did not list its SSH host keys`;
  const { data } = await ask(environment, { message, fix: "Check GITHUB_BASE_URL", answer: meta }, (client) =>
    client.request("GET /meta").catch(nothingIf([401, 403, 404], { data: undefined })),
  );
  return data?.ssh_keys;
}

/**
 * The people who may push to a repository, with their role: `ann (admin)`. Undefined when GitHub does not tell.
 * @throws FleetError with the repository and GitHub's answer
 * @see https://docs.github.com/en/rest/collaborators/collaborators#list-repository-collaborators
 */
export async function listWriters(owner: string, repo: string, environment: Environment): Promise<readonly string[]> {
  const message = `GitHub did not list the people of ${owner}/${repo}`;
  const fix = "Check that the token may administer that repository";
  const found = await ask(environment, { message, fix, answer: z.array(collaborator) }, (client) =>
    client
      .paginate("GET /repos/{owner}/{repo}/collaborators", { owner, repo, per_page: 100 })
      // Only people with the right to push may read the list.
      .catch(nothingIf([403, 404], [])),
  );
  return found.filter(({ permissions }) => permissions.push).map(({ login, role_name }) => `${login} (${role_name})`);
}

/**
 * The members of a team, its maintainers first, with their role: `bob (maintainer)`. Two requests.
 * @throws FleetError with the team and GitHub's answer
 * @see https://docs.github.com/en/rest/teams/members#list-team-members
 */
export async function listTeamMembers(org: string, team: string, environment: Environment): Promise<readonly string[]> {
  const message = `GitHub did not list the members of the team ${org}/${team}`;
  const fix = "Check that the token may read the organisation's members";
  const roles = ["maintainer", "member"].map(async (role) => {
    const found = await ask(environment, { message, fix, answer: z.array(member) }, (client) =>
      client.paginate("GET /orgs/{org}/teams/{team_slug}/members", {
        org,
        team_slug: team,
        role: role as "maintainer" | "member",
        per_page: 100,
      }),
    );
    return found.map(({ login }) => `${login} (${role})`);
  });
  return (await Promise.all(roles)).flat();
}

/** Facts of an organisation. GitHub tells them to owners only. */
export interface Organisation {
  /** The right of every member on all repositories: `read`. */
  readonly basePermission?: string | undefined;
  /** Name of the plan: `free`, `team`. */
  readonly plan?: string | undefined;
  /** Scopes of the token, if it is a classic one. */
  readonly scopes?: readonly string[] | undefined;
}

/**
 * The base permission and the plan of an organisation, and the scopes that GitHub names with each answer.
 * @throws FleetError with the organisation and GitHub's answer
 * @see https://docs.github.com/en/rest/orgs/orgs#get-an-organization
 */
export async function readOrganisation(owner: string, environment: Environment): Promise<Organisation> {
  const message = `GitHub did not show the organisation ${owner}`;
  const fix = "Check GITHUB_OWNER, and that the token may read the organisation";
  const { data, headers } = await ask(environment, { message, fix, answer: organization }, (client) =>
    // The lists of repositories and teams report a token or an owner that is wrong.
    client.request("GET /orgs/{org}", { org: owner }).catch(nothingIf([401, 403, 404], { data: {} })),
  );
  const scopes = headers["x-oauth-scopes"];
  return {
    basePermission: data.default_repository_permission ?? undefined,
    plan: data.plan?.name,
    scopes: scopes?.split(",").map((scope) => scope.trim()),
  };
}

/**
 * The rulesets of a repository.
 * @throws FleetError with the repository and GitHub's answer
 * @see https://docs.github.com/en/rest/repos/rules#get-all-repository-rulesets
 */
export async function listRulesets(owner: string, repo: string, environment: Environment) {
  const message = `GitHub did not list the rulesets of ${owner}/${repo}`;
  const fix = "Check that the token may administer that repository";
  return await ask(environment, { message, fix, answer: z.array(ruleset) }, (client) =>
    client
      .paginate("GET /repos/{owner}/{repo}/rulesets", { owner, repo, includes_parents: false, per_page: 100 })
      // GitHub's free plan has no rulesets for private repositories. Its creation fails with an explanation.
      .catch(nothingIf([403], [])),
  );
}

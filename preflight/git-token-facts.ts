import { z } from "zod";
import type { Environment } from "../config/stack/environment.js";
import { ask, nothingIf, type Place } from "./github.js";

/** The facts that GitHub tells about a token of a person. */
export interface TokenFacts {
  /** Account that it belongs to. */
  readonly login: string;
  /** Time of its end, as GitHub writes it: `2027-01-31 12:00:00 UTC`. Undefined for a token without end. */
  readonly expires: string | undefined;
  /** Whether it is a classic token, which opens every repository of its account. */
  readonly isClassic: boolean;
  /** Names of the private and internal repositories of the organisation that it reads, at least the first hundred. */
  readonly reads: readonly string[];
}

/** The account's role on a repository. */
export interface RepositoryRole {
  readonly push: boolean;
  /** Whether it may administer or maintain the repository, and so change or bypass its protection. */
  readonly administers: boolean;
  /** Whether the token reads the files. */
  readonly readsFiles: boolean;
}

const headers = z.record(z.string(), z.union([z.string(), z.number()]).optional());
const account = z.object({ data: z.object({ login: z.string() }), headers }).optional();
const listed = z.array(z.object({ name: z.string(), private: z.boolean() }));
const repository = z.object({
  data: z
    .object({
      default_branch: z.string(),
      permissions: z.object({ push: z.boolean(), maintain: z.boolean().default(false), admin: z.boolean() }),
    })
    .optional(),
});
const answered = z.object({ status: z.number() });

/** A token, its server, and the setting that holds it. */
export interface TokenArgs {
  readonly owner: string;
  /** With the token in `GITHUB_TOKEN`. */
  readonly environment: Environment;
  readonly place: Place;
}

const fix = "Check that GitHub answers, and that the organisation allows fine-grained personal access tokens";

/**
 * The facts that GitHub tells about a token, with two requests. Undefined when GitHub refuses it. A token of an
 * organisation may have to be approved first; until then it reads public repositories only.
 * @throws FleetError with the setting and GitHub's answer
 * @see https://docs.github.com/en/rest/users/users#get-the-authenticated-user
 * @see https://docs.github.com/en/rest/repos/repos#list-organization-repositories
 */
export async function tokenFacts({ owner, environment, place }: TokenArgs): Promise<TokenFacts | undefined> {
  const message = "GitHub did not tell whose token this is";
  const user = await ask(environment, { message, fix, place, answer: account }, (client) =>
    client.request("GET /user").catch(nothingIf([401], undefined)),
  );
  if (user === undefined) return undefined;
  const expires = user.headers["github-authentication-token-expiration"];
  const question = { message: `GitHub did not list the repositories of ${owner} that it reads`, fix, place };
  const reads = await ask(environment, { ...question, answer: z.object({ data: listed }) }, (client) =>
    client
      .request("GET /orgs/{org}/repos", { org: owner, type: "private", per_page: 100 })
      .catch(nothingIf([403, 404], { data: [] })),
  );
  return {
    login: user.data.login,
    expires: expires === undefined ? undefined : String(expires).slice(0, 40),
    isClassic: user.headers["x-oauth-scopes"] !== undefined,
    reads: reads.data.filter((one) => one.private).map(({ name }) => name),
  };
}

/**
 * The role of a token's account on a repository, which bounds every right of the token there, with two requests.
 * Undefined when the token does not read the repository.
 * @throws FleetError with the setting and GitHub's answer
 * @see https://docs.github.com/en/rest/repos/repos#get-a-repository
 * @see https://docs.github.com/en/rest/branches/branches#get-a-branch
 */
export async function repositoryRole(
  { owner, environment, place }: TokenArgs,
  repo: string,
): Promise<RepositoryRole | undefined> {
  const message = `GitHub did not show the repository ${owner}/${repo}`;
  const { data } = await ask(environment, { message, fix, place, answer: repository }, (client) =>
    client.request("GET /repos/{owner}/{repo}", { owner, repo }).catch(nothingIf([403, 404, 451], { data: undefined })),
  );
  if (data === undefined) return undefined;
  const { push, maintain, admin } = data.permissions;
  const question = { message: `GitHub did not show the default branch of ${owner}/${repo}`, fix, place };
  const { status } = await ask(environment, { ...question, answer: answered }, (client) =>
    client
      .request("GET /repos/{owner}/{repo}/branches/{branch}", { owner, repo, branch: data.default_branch })
      .catch(nothingIf([403], { status: 403 }))
      // A repository without a commit has no branch.
      .catch(nothingIf([404, 409], { status: 404 })),
  );
  return { push, administers: maintain || admin, readsFiles: status !== 403 };
}

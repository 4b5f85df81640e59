import { z } from "zod";
import type { Environment } from "../../config/stack/environment.js";
import { type GitHubClient, gitHubClient, gitToken } from "../../lib/github/client.js";
import { credentialVariable } from "../../lib/github/credentials.js";
import { commentsOf } from "../github/comments.js";
import type { KeepResult, TextPlace } from "../github/kept-text.js";
import { closeIssue, keepIssue } from "../github/marked-issue.js";
import type { RepositoryName } from "../github/pull-request-name.js";
import { explainFailure } from "../github/refusal.js";
import { send } from "../github/request.js";
import { tokenAccount } from "../github/token-account.js";

const pullRequest = z.object({
  number: z.number(),
  html_url: z.string(),
  title: z.string(),
  body: z.string().nullish(),
  /** The account that opened it. Null for one that is gone. */
  user: z.object({ login: z.string() }).nullish(),
  locked: z.boolean(),
  head: z.object({ ref: z.string(), sha: z.string(), repo: z.object({ full_name: z.string() }).nullable() }),
  base: z.object({ ref: z.string() }),
});
const deployment = z.object({ id: z.number(), sha: z.string().regex(/^[0-9a-f]{40}$/), ref: z.string() });
const deploymentStatuses = z.object({ data: z.array(z.object({ state: z.string() })) });

/** A pull request, with the fields that steps of workflows read. */
export type PullRequest = z.output<typeof pullRequest>;
/** A commit that was to be deployed to an environment, from a branch or another reference. */
export type Deployment = z.output<typeof deployment>;
/** The text of a pull request. */
export interface Written {
  readonly title: string;
  readonly body: string;
}
/** An issue that one step opens, edits and closes: its marker, and the title of a new one. */
export interface KeptIssue {
  readonly marker: string;
  readonly title: string;
}

/** Everything that steps of workflows ask GitHub for, of one repository. */
export interface RepositoryApi {
  /** Login of the account that the credentials write as. */
  account(): Promise<string>;
  /** A token for Git, which is valid now. */
  gitToken(): Promise<string>;
  /** Open pull requests from a branch, `OWNER:BRANCH`, into another one. */
  openPulls(head: string, base: string): Promise<readonly PullRequest[]>;
  createPull(pull: Written & { readonly head: string; readonly base: string }): Promise<PullRequest>;
  updatePull(number: number, change: Partial<Written> & { readonly state?: "closed" }): Promise<void>;
  commentsOf(number: number): TextPlace;
  keepIssue(issue: KeptIssue, text: string): Promise<KeepResult>;
  /** Closes the open issues. @returns their pages */
  closeIssue(issue: KeptIssue): Promise<readonly string[]>;
  /** All deployments to an environment. */
  deployments(environment: string): Promise<readonly Deployment[]>;
  /** The newest state of a deployment: `queued` for one without. */
  deploymentState(id: number): Promise<string>;
}

/** URL of the GitHub that a job runs on, or that GITHUB_BASE_URL names outside of a job. */
export function serverOf({ GITHUB_SERVER_URL: server, GITHUB_BASE_URL: base }: Environment): string {
  return (server || base || "https://github.com").replace(/\/$/, "");
}

/** The REST API of one repository, by the token in `GITHUB_TOKEN` or as the environment's GitHub App. */
export function repositoryApi(environment: Environment, repository: RepositoryName): RepositoryApi {
  // One object, so that the client and Git share the tokens of an App.
  const variables = { ...environment, GITHUB_BASE_URL: serverOf(environment) };
  const client = gitHubClient(variables);
  const name = `${repository.owner}/${repository.repo}`;
  const variable = credentialVariable(environment);
  const purpose = (action: string, permission: string) => ({ action: `${action} of ${name}`, permission, variable });
  const one = z.object({ data: pullRequest });
  const pulls = "/repos/{owner}/{repo}/pulls" as const;
  return {
    account: () => tokenAccount(client),
    gitToken: () => {
      const asked = gitToken(variables);
      return asked.catch((error: unknown) => {
        throw explainFailure(error, purpose("push to a branch", "Contents: write"));
      });
    },
    openPulls: (head, base) =>
      send(purpose("list the pull requests", "Pull requests: read"), z.array(pullRequest), () =>
        client.paginate(`GET ${pulls}`, { ...repository, state: "open", head, base, per_page: 100 }),
      ),
    createPull: async (pull) => {
      const answer = await send(purpose("open a pull request", "Pull requests: write"), one, () =>
        client.request(`POST ${pulls}`, { ...repository, ...pull, request: { retries: 0 } }),
      );
      return answer.data;
    },
    updatePull: async (pull_number, change) => {
      await send(purpose("change a pull request", "Pull requests: write"), one, () =>
        client.request(`PATCH ${pulls}/{pull_number}`, { ...repository, pull_number, ...change }),
      );
    },
    commentsOf: (number) => commentsOf(client, { ...repository, number }),
    keepIssue: (issue, text) => keepIssue(client, { repository, ...issue }, text),
    closeIssue: (issue) => closeIssue(client, { repository, ...issue }),
    ...deploymentsOf(client, repository),
  };
}

function deploymentsOf(
  client: GitHubClient,
  { owner, repo }: RepositoryName,
): Pick<RepositoryApi, "deployments" | "deploymentState"> {
  const purpose = { action: `list the deployments of ${owner}/${repo}`, permission: "Deployments: read" };
  const path = "/repos/{owner}/{repo}/deployments" as const;
  return {
    deployments: (environment) =>
      send(purpose, z.array(deployment), () =>
        client.paginate(`GET ${path}`, { owner, repo, environment, per_page: 100 }),
      ),
    deploymentState: async (deployment_id) => {
      const answer = await send(purpose, deploymentStatuses, () =>
        client.request(`GET ${path}/{deployment_id}/statuses`, { owner, repo, deployment_id, per_page: 1 }),
      );
      return answer.data[0]?.state ?? "queued";
    },
  };
}

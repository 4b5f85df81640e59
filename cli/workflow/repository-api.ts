import { z } from "zod";
import type { Environment } from "../../config/stack/environment.js";
import { gitHubServer } from "../../lib/github/base-url.js";
import { DEFAULT_LIMITS } from "../../lib/github/fetch.js";
import { fetchBy } from "../../lib/network/fetch.js";
import { JobError } from "../explain.js";

const author = z.object({ login: z.string() }).nullable();
const text = z.string().nullish();
const pullRequest = z.object({
  number: z.number(),
  html_url: z.string(),
  title: z.string(),
  body: text,
  locked: z.boolean(),
  head: z.object({ ref: z.string(), sha: z.string(), repo: z.object({ full_name: z.string() }).nullable() }),
  base: z.object({ ref: z.string() }),
});
const comment = z.object({ id: z.number(), body: text, user: author });
const issue = z.object({
  number: z.number(),
  html_url: z.string(),
  title: z.string(),
  body: text,
  user: author,
  pull_request: z.unknown().optional(),
});
const deployment = z.object({ id: z.number(), sha: z.string().regex(/^[0-9a-f]{40}$/) });
const deploymentStatus = z.object({ state: z.string() });

/** A pull request, with the fields that steps of workflows read. */
export type PullRequest = z.output<typeof pullRequest>;
/** A comment of a pull request or an issue. */
export type IssueComment = z.output<typeof comment>;
/** An issue. */
export type Issue = z.output<typeof issue>;
/** The text of a pull request or an issue. */
export interface Written {
  readonly title: string;
  readonly body: string;
}

/** Everything that steps of workflows ask GitHub for, of one repository. */
export interface RepositoryApi {
  /** Open pull requests from a branch, `OWNER:BRANCH`, into another one. */
  openPulls(head: string, base: string): Promise<readonly PullRequest[]>;
  createPull(pull: Written & { readonly head: string; readonly base: string }): Promise<PullRequest>;
  updatePull(number: number, change: Partial<Written> & { readonly state?: "closed" }): Promise<void>;
  comments(number: number): Promise<readonly IssueComment[]>;
  createComment(number: number, body: string): Promise<void>;
  updateComment(id: number, body: string): Promise<void>;
  /** Open issues without pull requests. */
  openIssues(): Promise<readonly Issue[]>;
  createIssue(written: Written): Promise<Issue>;
  updateIssue(number: number, change: Partial<Written> & { readonly state?: "closed" }): Promise<void>;
  /** Commits that were deployed to an environment, the newest first, with the newest state of each deployment. */
  deployments(environment: string): Promise<readonly { readonly sha: string; readonly state: string }[]>;
}

/** Deployments that are read. Older ones were replaced by one of these. */
const mostDeployments = 30;

/**
 * The REST API of one repository, by the token in `GITHUB_TOKEN`.
 * @param repository `OWNER/NAME`
 * @param send sends one request @default - by the proxy of the environment
 */
export function repositoryApi(
  environment: Environment,
  repository: string,
  send = fetchBy(environment),
): RepositoryApi {
  const request = requestBy(environment, send);
  const path = (rest: string) => `/repos/${repository}/${rest}`;
  const one = async <Schema extends z.ZodType>(schema: Schema, method: string, rest: string, body?: unknown) =>
    schema.parse((await request(method, path(rest), body)).data);
  const all = async <Schema extends z.ZodType>(schema: Schema, rest: string) => {
    const items: z.output<Schema>[] = [];
    for (let page = 1; ; page += 1) {
      const next = `${rest}${rest.includes("?") ? "&" : "?"}per_page=100&page=${page}`;
      const found = await one(z.array(schema), "GET", next);
      items.push(...found);
      if (found.length < 100) return items;
    }
  };
  const nothing = z.unknown();
  return {
    openPulls: (head, base) => all(pullRequest, `pulls?${new URLSearchParams({ state: "open", head, base })}`),
    createPull: (pull) => one(pullRequest, "POST", "pulls", pull),
    updatePull: async (number, change) => void (await one(nothing, "PATCH", `pulls/${number}`, change)),
    comments: (number) => all(comment, `issues/${number}/comments`),
    createComment: async (number, body) => void (await one(nothing, "POST", `issues/${number}/comments`, { body })),
    updateComment: async (id, body) => void (await one(nothing, "PATCH", `issues/comments/${id}`, { body })),
    openIssues: async () =>
      (await all(issue, "issues?state=open")).filter(({ pull_request }) => pull_request === undefined),
    createIssue: (written) => one(issue, "POST", "issues", written),
    updateIssue: async (number, change) => void (await one(nothing, "PATCH", `issues/${number}`, change)),
    async deployments(name) {
      const query = new URLSearchParams({ environment: name, per_page: String(mostDeployments) });
      const found = await one(z.array(deployment), "GET", `deployments?${query}`);
      const states = found.map(async ({ id, sha }) => {
        const [newest] = await one(z.array(deploymentStatus), "GET", `deployments/${id}/statuses?per_page=1`);
        return { sha, state: newest?.state ?? "queued" };
      });
      return Promise.all(states);
    },
  };
}

/** URL of the GitHub that a job runs on, or that GITHUB_BASE_URL names outside of a job. */
export function serverOf({ GITHUB_SERVER_URL: server, GITHUB_BASE_URL: base }: Environment): string {
  return (server || base || "https://github.com").replace(/\/$/, "");
}

/** Sends requests to the REST API. @throws JobError for every answer but a success, and without an answer */
function requestBy(environment: Environment, send: typeof globalThis.fetch) {
  const { GITHUB_TOKEN: token = "" } = environment;
  const { rest } = gitHubServer(serverOf(environment));
  return async (method: string, path: string, body?: unknown): Promise<{ readonly data: unknown }> => {
    const place = `${method} ${path.split("?", 1)[0]}`;
    const headers = {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "user-agent": "fleet",
    };
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const signal = AbortSignal.timeout(DEFAULT_LIMITS.timeoutMs);
    const answer = await send(`${rest}${path}`, { method, headers, signal, ...content }).catch((error: unknown) => {
      throw new JobError(`GitHub did not answer ${place}: ${String(error)}.`, { cause: error });
    });
    const data = parsed(await answer.text());
    if (answer.ok) return { data };
    const needed = answer.headers.get("x-accepted-github-permissions");
    const remedy = needed === null ? "" : `\nWhat to do: give the token the permission ${needed}.`;
    throw new JobError(`GitHub answered ${place} with ${answer.status}: ${messageIn(data)}.${remedy}`);
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    // A gateway answers with a page, whose status says enough.
    return undefined;
  }
}

function messageIn(data: unknown): string {
  const { success, data: answer } = z.object({ message: z.string() }).safeParse(data);
  return success ? answer.message.replace(/\.$/, "") : "no message";
}

import { once } from "node:events";
import { z } from "zod";
import { type GitHubClient, gitHubClient } from "../../lib/github/client.js";
import { hasCredentials, readCredentials } from "../../lib/github/credentials.js";
import { failureOf } from "../../lib/github/failure.js";
import { DEFAULT_LIMITS } from "../../lib/github/fetch.js";
import type { Wait } from "../../lib/time/waits.js";
import type { FollowedBranch } from "../../operate/status/sync-status.js";
import { fewAtATime } from "../cluster/few-at-a-time.js";
import { branchHeads, branchName } from "./branch-heads.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** The number of commits that a branch has and a cluster has not applied, or why it is unknown. */
export type Behind = { readonly commits: number } | { readonly unknown: string };

/** Requests to GitHub at a time. It advises against many. */
const mostAtATime = 8;
/** Branches of one request. */
const mostBranches = 50;
/** Up to this number, a request for each branch takes no longer than one for all, and needs no second one. */
const fewBranches = 8;
/** Milliseconds for one answer, and for the login of a GitHub App. */
const longestAnswerMs = 2000;
const late = { unknown: "GitHub did not answer in time" };
const noHeads: ReadonlyMap<string, string> = new Map();

type Identified = readonly [key: string, branch: FollowedBranch];

const comparison = z.object({ ahead_by: z.number() });

/** Identifies a branch with the commit that a cluster applied. */
export function branchKey({ repository, branch, commit }: FollowedBranch): string {
  return JSON.stringify([repository, branch, commit]);
}

/**
 * Asks GitHub how many commits branches are ahead of what clusters applied: one request for the heads of many branches, and one
 * for each branch whose head a cluster has not applied.
 * @param wait for all answers together. At its end, the other numbers are unknown
 */
export async function commitsBehind(
  branches: readonly FollowedBranch[],
  environment: Environment,
  wait: Wait,
): Promise<ReadonlyMap<string, Behind>> {
  const distinct = [...new Map(branches.map((one) => [branchKey(one), one]))];
  const unknown = missingCredentials(environment);
  if (unknown !== undefined) return new Map(distinct.map(([key]) => [key, { unknown }]));
  const client = gitHubClient(environment, { ...DEFAULT_LIMITS, timeoutMs: longestAnswerMs, maxWaitMs: 0 });
  const parts = inParts(distinct);
  const each = Math.max(2, Math.floor(mostAtATime / Math.max(1, parts.length)));
  // A part whose answer is late holds back no other.
  const found = await fewAtATime(parts, (part) => behindOf(client, part, wait, each), mostAtATime / 2);
  return new Map(found.flat());
}

function inParts(branches: readonly Identified[]): (readonly Identified[])[] {
  const count = Math.ceil(branches.length / mostBranches);
  return Array.from({ length: count }, (_, index) => branches.slice(index * mostBranches, (index + 1) * mostBranches));
}

async function behindOf(
  client: GitHubClient,
  part: readonly Identified[],
  wait: Wait,
  mostOfPart: number,
): Promise<(readonly [string, Behind])[]> {
  const ended = endOf(wait.signal);
  const heads = await headsOf(client, part, wait);
  const behind = async ([key, branch]: Identified): Promise<readonly [string, Behind]> => {
    if (heads.get(branchName(branch)) === branch.commit) return [key, { commits: 0 }];
    if (wait.signal.aborted) return [key, late];
    return [key, await Promise.race([compare(client, branch, wait.signal), ended])];
  };
  return await fewAtATime(part, behind, mostOfPart);
}

/** The heads of branches. They have half of the wait: where only GraphQL does not answer, the rest is enough for REST. */
async function headsOf(
  client: GitHubClient,
  part: readonly Identified[],
  { signal, milliseconds }: Wait,
): Promise<ReadonlyMap<string, string>> {
  if (part.length <= fewBranches || signal.aborted) return noHeads;
  const half = AbortSignal.any([signal, AbortSignal.timeout(Math.floor(milliseconds / 2))]);
  const branches = [...new Map(part.map(([, branch]) => [branchName(branch), branch])).values()];
  return await Promise.race([branchHeads(client, branches, half), endOf(half).then(() => noHeads)]);
}

/** Why no request can be sent. The clusters are read all the same. */
function missingCredentials(environment: Environment): string | undefined {
  const [problem] = readCredentials(environment).problems;
  if (problem !== undefined) return `${problem.path} ${problem.message}`;
  return hasCredentials(environment) ? undefined : "GITHUB_TOKEN is not set";
}

/** Ends no later than a signal: the login of a GitHub App heeds none. */
async function endOf(signal: AbortSignal): Promise<Behind> {
  if (!signal.aborted) await once(signal, "abort");
  return late;
}

async function compare(client: GitHubClient, followed: FollowedBranch, signal: AbortSignal): Promise<Behind> {
  const [owner = "", repo = ""] = followed.repository.split("/");
  const basehead = `${followed.commit}...${followed.branch}`;
  try {
    // The second page has no changed files, which would be most of the answer.
    const options = { owner, repo, basehead, per_page: 1, page: 2, request: { retries: 0, signal } };
    const { data } = await client.request("GET /repos/{owner}/{repo}/compare/{basehead}", options);
    const parsed = comparison.safeParse(data);
    return parsed.success ? { commits: parsed.data.ahead_by } : { unknown: "the answer is not that of GitHub's API" };
  } catch (error) {
    const { status, message } = failureOf(error);
    if (status === 404) return { unknown: `GitHub knows no ${followed.repository} with this branch and commit` };
    return { unknown: `GitHub: ${message}` };
  }
}

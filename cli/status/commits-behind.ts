import { once } from "node:events";
import { z } from "zod";
import { type GitHubClient, gitHubClient } from "../../lib/github/client.js";
import { hasCredentials, readCredentials } from "../../lib/github/credentials.js";
import { failureOf } from "../../lib/github/failure.js";
import { DEFAULT_LIMITS } from "../../lib/github/fetch.js";
import type { Wait } from "../../lib/time/waits.js";
import type { FollowedBranch } from "../../operate/status/sync-status.js";
import { branchHeads, branchName } from "./branch-heads.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** The number of commits that a branch has and a cluster has not applied, or why it is unknown. */
export type Behind = { readonly commits: number } | { readonly unknown: string };

/** Requests to GitHub at a time. */
const mostAtATime = 8;
/** Milliseconds for one answer, and for the login of a GitHub App. */
const longestAnswerMs = 2000;
const late = { unknown: "GitHub did not answer in time" };
const noHeads: ReadonlyMap<string, string> = new Map();

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
  const distinct = new Map(branches.map((one) => [branchKey(one), one]));
  const unknown = missingCredentials(environment);
  if (unknown !== undefined) return new Map([...distinct.keys()].map((key) => [key, { unknown }]));
  const client = gitHubClient(environment, { ...DEFAULT_LIMITS, timeoutMs: longestAnswerMs, maxWaitMs: 0 });
  const ended = endOf(wait.signal);
  const asked = branchHeads(client, [...distinct.values()], wait.signal);
  const heads = await Promise.race([asked, ended.then(() => noHeads)]);
  const found = new Map<string, Behind>();
  const queue = distinct.entries();
  const work = async () => {
    for (const [key, branch] of queue) {
      const isAtHead = heads.get(branchName(branch)) === branch.commit;
      if (isAtHead) found.set(key, { commits: 0 });
      else if (wait.signal.aborted) found.set(key, late);
      else found.set(key, await Promise.race([compare(client, branch, wait.signal), ended]));
    }
  };
  await Promise.all(Array.from({ length: mostAtATime }, work));
  return found;
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

import { z } from "zod";
import { type FleetError, fleetError } from "../../lib/diagnostics/problem.js";
import type { GitHubClient } from "../../lib/github/client.js";
import { nameOf, type PullRequestName } from "./pull-request-name.js";
import { undefinedIf } from "./refusal.js";
import { send } from "./request.js";

const pullRequest = z.object({
  data: z.object({ state: z.string(), locked: z.boolean(), merged_at: z.string().nullish() }),
});
const repository = z.object({ data: z.object({ full_name: z.string() }) });
const issue = z.object({ data: z.object({ pull_request: z.unknown().optional() }) });

/**
 * Refuses a pull request that gets no comment: one that does not exist, is closed or is locked. One request, two more to
 * say why there is none.
 * @throws FleetError with the reason and the remedy
 * @see https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
 */
export async function requireOpenPullRequest(client: GitHubClient, pull: PullRequestName): Promise<void> {
  const { owner, repo, number } = pull;
  const answer = await send(purposeOf(pull, "the pull request"), pullRequest.optional(), () =>
    client
      .request("GET /repos/{owner}/{repo}/pulls/{pull_number}", { owner, repo, pull_number: number })
      .catch(undefinedIf(404)),
  );
  if (answer === undefined) throw await absence(client, pull);
  const { state, locked, merged_at: mergedAt } = answer.data;
  if (mergedAt) throw refusal(pull, "the pull request is merged", "Name one that is open");
  if (state !== "open") throw refusal(pull, "the pull request is closed", "Reopen it, or name another one");
  if (locked) throw refusal(pull, "the conversation of the pull request is locked", "Unlock it");
}

/** The error for a pull request that GitHub does not show. */
async function absence(client: GitHubClient, pull: PullRequestName): Promise<FleetError> {
  const { owner, repo, number } = pull;
  const found = await send(purposeOf(pull, "the repository of"), repository.optional(), () =>
    client.request("GET /repos/{owner}/{repo}", { owner, repo }).catch(undefinedIf(404)),
  );
  if (found === undefined) {
    const message = `there is no repository ${owner}/${repo} on GitHub, or the token does not read it`;
    return refusal(pull, message, "Check the name, and that GITHUB_TOKEN covers the repository");
  }
  const sameNumber = await send(purposeOf(pull, "the issue"), issue.optional(), () =>
    client
      .request("GET /repos/{owner}/{repo}/issues/{issue_number}", { owner, repo, issue_number: number })
      .catch(undefinedIf(403, 404, 410)),
  );
  const isIssue = sameNumber !== undefined && !sameNumber.data.pull_request;
  const message = isIssue ? `number ${number} is an issue and no pull request` : `there is no pull request ${number}`;
  return refusal(pull, message, `Name a pull request of ${owner}/${repo}`);
}

function purposeOf(pull: PullRequestName, what: string) {
  return { action: `show ${what} ${nameOf(pull)}`, permission: "Pull requests: write" };
}

function refusal(pull: PullRequestName, message: string, remedy: string): FleetError {
  return fleetError(`--comment ${nameOf(pull)}`, "", message, remedy);
}

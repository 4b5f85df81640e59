import { type Environment, gitHubProblems } from "../../config/stack/environment.js";
import { FleetError, fleetError } from "../../lib/diagnostics/problem.js";
import { gitHubClient } from "../../lib/github/client.js";
import { REVIEW_MARKER as marker, roomFor } from "../../review/comment/marker.js";
import type { ReviewDocument } from "../../review/document/document.js";
import { printMarkdown } from "../../review/document/print-markdown.js";
import { printWithin } from "../../review/document/print-within.js";
import { commentsOf } from "../github/comments.js";
import { type KeepResult, keepText, ownTexts } from "../github/kept-text.js";
import { requireOpenPullRequest } from "../github/open-pull-request.js";
import type { PullRequestName } from "../github/pull-request-name.js";
import { tokenAccount } from "../github/token-account.js";

/** The comment of `fleet diff` on a pull request that may get it. */
export interface ReviewComment {
  /** @param limit the most characters of the document */
  write(document: ReviewDocument, limit: number): Promise<KeepResult>;
}

/**
 * Finds out whether a pull request may get the comment, before anything is recorded: the pull request is open, the token
 * belongs to an account, and no other hand edited the comment of an earlier run. GitHub tells the right to write only
 * when the comment is written.
 * @param environment with the token in `GITHUB_TOKEN`
 * @throws FleetError with the reason and the remedy
 */
export async function prepareReviewComment(pull: PullRequestName, environment: Environment): Promise<ReviewComment> {
  const problems = gitHubProblems(environment, 'Set the environment variable to a token with "Pull requests: write"');
  if (problems.length > 0) throw new FleetError(problems);
  const client = gitHubClient(environment);
  await requireOpenPullRequest(client, pull);
  const account = await tokenAccount(client);
  const place = commentsOf(client, pull);
  await ownTexts(place, { marker, account });
  return {
    write: async (document, limit) => {
      const room = roomFor(marker);
      const text = printWithin(document, printMarkdown, Math.min(limit, room));
      if (text.length <= room) return await keepText(place, { marker, account }, text);
      throw fleetError("fleet diff", "", "notes alone are too long for a comment", "Name fewer stacks");
    },
  };
}

import { z } from "zod";
import { messageOf } from "../../lib/diagnostics/problem.js";
import { REVIEW_MARKER as marker, roomFor } from "../../review/comment/marker.js";
import { printMarkdown } from "../../review/document/print-markdown.js";
import { printWithin } from "../../review/document/print-within.js";
import { JobError } from "../explain.js";
import { keepText } from "../github/kept-text.js";
import type { PullRequest, RepositoryApi } from "./repository-api.js";
import { readReviewFile } from "./review-file.js";

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const repository = z.object({ full_name: z.string() });

/**
 * The event of a workflow that GitHub starts after the one of a pull request. GitHub writes it, so it can be trusted; what the
 * other workflow left behind cannot.
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_run
 */
const workflowRunEvent = z.object({
  repository: repository.extend({ default_branch: z.string() }),
  workflow_run: z.object({
    event: z.string(),
    head_sha: sha,
    head_branch: z.string(),
    head_repository: repository.extend({ owner: z.object({ login: z.string() }) }).nullable(),
    html_url: z.string(),
  }),
});

/** The event and the file that a comment is written from. */
export interface ReviewCommentArgs {
  readonly api: RepositoryApi;
  /** The event that started the run, as GitHub wrote it. */
  readonly event: unknown;
  /** `OWNER/NAME` of the repository that the workflow runs in. */
  readonly repository: string;
  /** File that the run of the pull request left behind. */
  readonly file: string;
}

/**
 * Writes the document of a pull request's run as its one comment. The pull request is that of the event: neither its number
 * nor any Markdown comes from the file.
 * @returns a sentence about what was done
 * @throws JobError for an event of another kind, and for a pull request that is locked
 */
export async function writeReviewComment(args: ReviewCommentArgs): Promise<string> {
  const { api, file } = args;
  const run = pullRequestRun(args);
  const pull = await pullRequestOf(api, run);
  if (pull === undefined) {
    return `Nothing to do: no open pull request has ${run.head_sha.slice(0, 7)} as its newest commit.`;
  }
  if (pull.locked) {
    throw new JobError(
      `The conversation of ${pull.html_url} is locked.\nWhat to do: unlock it, and run this job again.`,
    );
  }
  const owner = { marker, account: await api.account() };
  const { outcome, url } = await keepText(api.commentsOf(pull.number), owner, commentText(file, run));
  return `Comment ${outcome}: ${url}`;
}

type Run = z.output<typeof workflowRunEvent>["workflow_run"] & { readonly base: string };

function pullRequestRun({ event, repository }: ReviewCommentArgs): Run {
  const { success, data } = workflowRunEvent.safeParse(event);
  if (!success || data.workflow_run.event !== "pull_request") {
    throw new JobError("The event is not the end of a pull request's run.\nWhat to do: start this by workflow_run.");
  }
  if (data.repository.full_name !== repository) throw new JobError(`The event is of another repository.`);
  return { ...data.workflow_run, base: data.repository.default_branch };
}

/** The open pull request that the run was of. Undefined when it was closed, or has a newer commit. */
async function pullRequestOf(api: RepositoryApi, run: Run): Promise<PullRequest | undefined> {
  const { head_repository: from, head_branch: branch, head_sha: commit } = run;
  // A fork that was deleted meanwhile.
  if (from === null) return undefined;
  const pulls = await api.openPulls(`${from.owner.login}:${branch}`, run.base);
  return pulls.find(({ head, base }) => {
    return (
      head.sha === commit && head.ref === branch && head.repo?.full_name === from.full_name && base.ref === run.base
    );
  });
}

function commentText(file: string, { head_sha: commit, html_url: url }: Run): string {
  const source = `${commit.slice(0, 7)} in [this run](${url})`;
  const footer = `\n<sub>Computed by the code of this pull request at ${source}, without credentials. A change of \`cli/\`, \`review/\` or \`.github/\` can change this text: read these lines, too.</sub>\n`;
  return `${documentText(file, roomFor(marker) - footer.length)}${footer}`;
}

function documentText(file: string, limit: number): string {
  try {
    const text = printWithin(readReviewFile(file), printMarkdown, limit);
    return text.length <= limit ? text : noReview("Its notes and stacks alone are too long for a comment");
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    // The message names the file and what is wrong with it, and repeats nothing of its content.
    return noReview(messageOf(error).replaceAll("`", ""));
  }
}

/** The comment must not stay that of an older commit, whose review may be better. */
function noReview(reason: string): string {
  return `## fleet diff\n\nThere is no review of this commit: \`${reason}\`\n\nThe log of the run says why.\n`;
}

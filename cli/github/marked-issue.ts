import { z } from "zod";
import type { GitHubClient } from "../../lib/github/client.js";
import type { MarkerName } from "../../review/comment/marker.js";
import { type GitHubText, type KeepResult, keepText, markedTexts, type TextPlace } from "./kept-text.js";
import type { RepositoryName } from "./pull-request-name.js";
import { undefinedIf } from "./refusal.js";
import { send } from "./request.js";
import { tokenAccount } from "./token-account.js";

/** An issue that this program opens, updates and closes. */
export interface MarkedIssue {
  readonly repository: RepositoryName;
  /** Names the issue in its repository: `drift/prod-eu`. */
  readonly marker: MarkerName;
  /** Title of a new issue. A later run leaves a changed title as it is. */
  readonly title: string;
}

const issue = z
  .object({
    number: z.number(),
    html_url: z.string(),
    state: z.string(),
    body: z.string().nullish(),
    user: z.object({ login: z.string() }).nullish(),
    pull_request: z.unknown().optional(),
  })
  .transform(({ number, html_url: url, body, user, state, pull_request }) => {
    const text: GitHubText = { id: number, url, body: body ?? "", author: user?.login };
    return { text, isOpenIssue: state === "open" && !pull_request };
  });
const one = z.object({ data: issue });

/**
 * Opens the issue of a marker, or edits the open one that an earlier run opened. An issue that was closed stays closed:
 * then there is a new one.
 * @throws FleetError if another hand edited the open issue
 */
export async function keepIssue(client: GitHubClient, marked: MarkedIssue, text: string): Promise<KeepResult> {
  const account = await tokenAccount(client);
  return await keepText(issuesOf(client, marked), { marker: marked.marker, account }, text);
}

/** Closes the open issues of a marker as completed, edited ones too. @returns their pages */
export async function closeIssue(client: GitHubClient, marked: MarkedIssue): Promise<readonly string[]> {
  const account = await tokenAccount(client);
  const open = await markedTexts(issuesOf(client, marked), { marker: marked.marker, account });
  for (const { id } of open) await close(client, marked, { number: id, reason: "completed" });
  return open.map(({ url }) => url);
}

/**
 * The open issues of a repository, by their number.
 * @see https://docs.github.com/en/rest/issues/issues
 */
function issuesOf(client: GitHubClient, marked: MarkedIssue): TextPlace {
  const { title, repository } = marked;
  const path = "/repos/{owner}/{repo}/issues" as const;
  const pathOfOne = "/repos/{owner}/{repo}/issues/{issue_number}" as const;
  return {
    discard: "Close the issue",
    list: async () => {
      const found = await send(purposeOf(marked, "list the issues"), z.array(issue), () =>
        client.paginate(`GET ${path}`, { ...repository, state: "open", per_page: 100 }),
      );
      return found.filter(({ isOpenIssue }) => isOpenIssue).map(({ text }) => text);
    },
    read: async (issue_number) => {
      const answer = await send(purposeOf(marked, "show the issue"), one.optional(), () =>
        client.request(`GET ${pathOfOne}`, { ...repository, issue_number }).catch(undefinedIf(404, 410)),
      );
      return answer?.data.isOpenIssue ? answer.data.text : undefined;
    },
    create: async (body) => {
      const answer = await send(purposeOf(marked, "open the issue"), one, () =>
        client.request(`POST ${path}`, { ...repository, title, body, request: { retries: 0 } }),
      );
      return answer.data.text;
    },
    update: async (issue_number, body) => {
      const answer = await send(purposeOf(marked, "edit the issue"), one.optional(), () =>
        client.request(`PATCH ${pathOfOne}`, { ...repository, issue_number, body }).catch(undefinedIf(404, 410)),
      );
      return answer !== undefined;
    },
    remove: (number) => close(client, marked, { number, reason: "not_planned" }),
  };
}

async function close(
  client: GitHubClient,
  marked: MarkedIssue,
  { number, reason }: { readonly number: number; readonly reason: "completed" | "not_planned" },
): Promise<void> {
  await send(purposeOf(marked, "close the issue"), z.unknown(), () =>
    client
      .request("PATCH /repos/{owner}/{repo}/issues/{issue_number}", {
        ...marked.repository,
        issue_number: number,
        state: "closed",
        state_reason: reason,
      })
      .catch(undefinedIf(404, 410)),
  );
}

function purposeOf({ repository: { owner, repo }, title }: MarkedIssue, verb: string) {
  return { action: `${verb} "${title}" of ${owner}/${repo}`, permission: "Issues: write" };
}

import { z } from "zod";
import type { GitHubClient } from "../../lib/github/client.js";
import type { GitHubText, TextPlace } from "./kept-text.js";
import { nameOf, type PullRequestName } from "./pull-request-name.js";
import { undefinedIf } from "./refusal.js";
import { send } from "./request.js";

const comment = z
  .object({
    id: z.number(),
    html_url: z.string(),
    body: z.string().nullish(),
    user: z.object({ login: z.string() }).nullish(),
  })
  .transform(({ id, html_url: url, body, user }): GitHubText => ({ id, url, body: body ?? "", author: user?.login }));
const one = z.object({ data: comment });
const anything = z.unknown();

/**
 * The comments of a pull request's conversation.
 * @see https://docs.github.com/en/rest/issues/comments
 */
export function commentsOf(client: GitHubClient, pull: PullRequestName): TextPlace {
  const { owner, repo, number: issue_number } = pull;
  const purpose = (verb: string) => {
    return { action: `${verb} ${nameOf(pull)}`, permission: "Pull requests: write" };
  };
  const path = "/repos/{owner}/{repo}/issues/{issue_number}/comments" as const;
  const pathOfOne = "/repos/{owner}/{repo}/issues/comments/{comment_id}" as const;
  return {
    discard: "Delete the comment",
    list: () =>
      send(purpose("list the comments of"), z.array(comment), () =>
        client.paginate(`GET ${path}`, { owner, repo, issue_number, per_page: 100 }),
      ),
    read: async (comment_id) => {
      const answer = await send(purpose("show the comment on"), one.optional(), () =>
        client.request(`GET ${pathOfOne}`, { owner, repo, comment_id }).catch(undefinedIf(404)),
      );
      return answer?.data;
    },
    create: async (body) => {
      const answer = await send(purpose("write the comment on"), one, () =>
        client.request(`POST ${path}`, { owner, repo, issue_number, body, request: { retries: 0 } }),
      );
      return answer.data;
    },
    update: async (comment_id, body) => {
      const answer = await send(purpose("edit the comment on"), one.optional(), () =>
        client.request(`PATCH ${pathOfOne}`, { owner, repo, comment_id, body }).catch(undefinedIf(404)),
      );
      return answer !== undefined;
    },
    remove: async (comment_id) => {
      await send(purpose("delete the second comment on"), anything, () =>
        client.request(`DELETE ${pathOfOne}`, { owner, repo, comment_id }).catch(undefinedIf(404)),
      );
    },
  };
}

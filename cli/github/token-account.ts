import { z } from "zod";
import type { GitHubClient } from "../../lib/github/client.js";
import { undefinedIf } from "./refusal.js";
import { send } from "./request.js";

const user = z.object({ data: z.object({ login: z.string().min(1) }) }).optional();
const viewer = z.object({ viewer: z.object({ login: z.string().min(1) }) });

/**
 * Login of the account that a token writes as: `github-actions[bot]` for the token of a workflow. No person can have a
 * login with brackets.
 *
 * REST does not tell it to the token of a GitHub App, and so to that of a workflow; GraphQL does.
 * @throws FleetError for a token that GitHub refuses
 * @see https://docs.github.com/en/rest/users/users#get-the-authenticated-user
 * @see https://docs.github.com/en/graphql/reference/queries#viewer
 */
export async function tokenAccount(client: GitHubClient): Promise<string> {
  const purpose = { action: "tell whose token this is", permission: "Metadata: read" };
  const asked = await send(purpose, user, () => client.request("GET /user").catch(undefinedIf(403)));
  if (asked !== undefined) return asked.data.login;
  const answer = await send(purpose, viewer, () => client.graphql("query { viewer { login } }"));
  return answer.viewer.login;
}

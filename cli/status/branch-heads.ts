import { z } from "zod";
import type { GitHubClient } from "../../lib/github/client.js";
import { failureOf } from "../../lib/github/failure.js";
import type { FollowedBranch } from "../../operate/status/sync-status.js";
import { fewAtATime } from "../cluster/few-at-a-time.js";

/** A branch of a repository. */
export type Branch = Pick<FollowedBranch, "repository" | "branch">;

/** Branches of one request. GitHub answers it as fast as some requests for one branch. */
const mostBranches = 50;
/** Requests at a time. GitHub advises against many. */
const mostAtATime = 4;

const head = z.object({ target: z.object({ oid: z.string() }).nullable() });
/** GitHub answers null for a repository or branch that does not exist, or that the token does not see. */
const heads = z.record(z.string(), z.object({ ref: head.nullable() }).nullable());

/** An answer that lacks some of the repositories. Octokit throws it with the others. */
const partial = z.object({ name: z.literal("GraphqlResponseError"), data: heads });

/** Identifies a branch. */
export function branchName({ repository, branch }: Branch): string {
  return JSON.stringify([repository, branch]);
}

/**
 * The newest commits of branches, by {@link branchName}: GraphQL has one request for many branches, and REST one for each.
 * The branches without an answer are left out.
 * @param signal ends the requests
 * @see https://docs.github.com/en/graphql/reference/objects#repository
 */
export async function branchHeads(
  client: GitHubClient,
  branches: readonly Branch[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const distinct = [...new Map(branches.map((one) => [branchName(one), one])).values()];
  const count = Math.ceil(distinct.length / mostBranches);
  const parts = Array.from({ length: count }, (_, index) => {
    return distinct.slice(index * mostBranches, (index + 1) * mostBranches);
  });
  const answers = await fewAtATime(parts, (part) => headsOf(client, part, signal), mostAtATime);
  return new Map(answers.flat());
}

async function headsOf(
  client: GitHubClient,
  branches: readonly Branch[],
  signal: AbortSignal,
): Promise<(readonly [string, string])[]> {
  if (signal.aborted) return [];
  const options = { ...variablesOf(branches), request: { retries: 0, signal } };
  const answer = heads.safeParse(await client.graphql(queryOf(branches), options).catch(partialAnswer));
  if (!answer.success) return [];
  return branches.flatMap((branch, index) => {
    const commit = answer.data[`branch${index}`]?.ref?.target?.oid;
    return commit === undefined ? [] : [[branchName(branch), commit] as const];
  });
}

/** Names are variables, so none becomes a part of the query. */
function queryOf(branches: readonly Branch[]): string {
  const variables = branches.map(
    (_, index) => `$owner${index}: String!, $repo${index}: String!, $ref${index}: String!`,
  );
  const fields = branches.map((_, index) => {
    const repository = `repository(owner: $owner${index}, name: $repo${index})`;
    return `branch${index}: ${repository} { ref(qualifiedName: $ref${index}) { target { oid } } }`;
  });
  return `query(${variables.join(", ")}) { ${fields.join(" ")} }`;
}

function variablesOf(branches: readonly Branch[]): Record<string, string> {
  const pairs = branches.flatMap(({ repository, branch }, index) => {
    const [owner = "", repo = ""] = repository.split("/");
    const names = { owner, repo, ref: `refs/heads/${branch}` };
    return Object.entries(names).map(([name, value]) => [`${name}${index}`, value] as const);
  });
  return Object.fromEntries(pairs);
}

/** The part of an answer that is no failure. Without one, a request for each branch follows, and its failure says why. */
function partialAnswer(error: unknown): unknown {
  const parsed = partial.safeParse(error);
  if (parsed.success) return parsed.data.data;
  // It throws an error that is a defect of this program.
  failureOf(error);
  return undefined;
}

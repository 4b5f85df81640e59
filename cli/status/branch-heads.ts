import { z } from "zod";
import type { GitHubClient } from "../../lib/github/client.js";
import type { FollowedBranch } from "../../operate/status/sync-status.js";

/** A branch of a repository. */
export type Branch = Pick<FollowedBranch, "repository" | "branch">;

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
 * The newest commits of branches, by {@link branchName}, in one request: REST has one for each branch. The branches without an
 * answer are left out.
 * @param branches at most 50, which GitHub answers as fast as some requests for one branch
 * @param signal ends the request
 * @see https://docs.github.com/en/graphql/reference/objects#repository
 */
export async function branchHeads(
  client: GitHubClient,
  branches: readonly Branch[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const options = { ...variablesOf(branches), request: { retries: 0, signal } };
  const answer = heads.safeParse(await client.graphql(queryOf(branches), options).catch(partialAnswer));
  if (!answer.success) return new Map();
  const found = branches.flatMap((branch, index) => {
    const commit = answer.data[`branch${index}`]?.ref?.target?.oid;
    return commit === undefined ? [] : [[branchName(branch), commit] as const];
  });
  return new Map(found);
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

/**
 * The part of an answer beside its failures. Octokit also throws a TypeError for an answer that is no answer of GraphQL. Without
 * any part, a request for each branch follows, and its failure says why.
 */
function partialAnswer(error: unknown): unknown {
  const parsed = partial.safeParse(error);
  return parsed.success ? parsed.data.data : undefined;
}

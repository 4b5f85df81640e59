import { git } from "../diff/git.js";
import { JobError } from "../explain.js";
import type { RepositoryApi } from "./repository-api.js";

/** States of deployments that have begun, or are over. `waiting` and `queued` ones have changed nothing. */
const begun: readonly string[] = ["in_progress", "success", "failure", "error", "inactive"];

/** A commit that is about to be deployed. */
export interface DeploymentArgs {
  readonly api: RepositoryApi;
  /** Clone with the whole history of the branch. Its commit is about to be deployed. */
  readonly root: string;
  readonly stack: string;
  /** Branch that is deployed. @default - deployments of all references count */
  readonly branch?: string | undefined;
}

/**
 * Requires that no newer commit was deployed to the stack. GitHub promises no order of the jobs that wait for one another, and an
 * approval may come late: an older commit would take back what a newer one has applied.
 *
 * Each person who may push can create deployments. So all of them are read, however many, and those of other branches do not
 * count. One request for a hundred, and one more for each of a newer commit.
 * @throws JobError that names the newer commit
 */
export async function requireNewest({ api, root, stack, branch }: DeploymentArgs): Promise<string> {
  const own = (await git(root, ["rev-parse", "HEAD"])).stdout;
  const references = branch === undefined ? undefined : [branch, `refs/heads/${branch}`];
  const all = await api.deployments(stack);
  const counting = all.filter(({ ref, sha }) => sha !== own && (references?.includes(ref) ?? true));
  const newer = new Map<string, boolean>();
  for (const { id, sha } of counting) {
    newer.set(sha, newer.get(sha) ?? (await isNewer(root, sha, own)));
    if (newer.get(sha) && begun.includes(await api.deploymentState(id))) throw hasNewer(stack, sha, own);
  }
  return `No newer commit than ${own.slice(0, 7)} was deployed to ${stack}.`;
}

function hasNewer(stack: string, sha: string, own: string): JobError {
  const short = sha.slice(0, 7);
  return new JobError(
    `The stack ${stack} has run ${short}, which is newer than ${own.slice(0, 7)}.\nWhat to do: nothing, the run of ${short} has this commit, too. To go back, revert the commits on the branch.`,
  );
}

/** Whether a commit has another one among its ancestors. A commit that the clone lacks is on no branch any more. */
async function isNewer(root: string, sha: string, own: string): Promise<boolean> {
  const known = await git(root, ["cat-file", "-e", `${sha}^{commit}`]);
  return !known.failed && !(await git(root, ["merge-base", "--is-ancestor", own, sha])).failed;
}

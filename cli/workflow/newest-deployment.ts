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
}

/**
 * Requires that no newer commit was deployed to the stack. GitHub promises no order of the jobs that wait for one another, and an
 * approval may come late: an older commit would take back what a newer one has applied.
 * @throws JobError that names the newer commit, and for a clone that lacks a deployed commit
 */
export async function requireNewest({ api, root, stack }: DeploymentArgs): Promise<string> {
  const own = (await git(root, ["rev-parse", "HEAD"])).stdout;
  const deployments = await api.deployments(stack);
  const shas = new Set(deployments.filter(({ state }) => begun.includes(state)).map(({ sha }) => sha));
  for (const sha of shas) {
    if (sha !== own && (await isNewer(root, sha, own))) {
      const short = sha.slice(0, 7);
      throw new JobError(
        `The stack ${stack} has run ${short}, which is newer than ${own.slice(0, 7)}.\nWhat to do: nothing, the run of ${short} has this commit, too. To go back, revert the commits on the branch.`,
      );
    }
  }
  return `No newer commit than ${own.slice(0, 7)} was deployed to ${stack}.`;
}

/** Whether a commit has another one among its ancestors. A commit that the clone lacks is on no branch any more. */
async function isNewer(root: string, sha: string, own: string): Promise<boolean> {
  const known = await git(root, ["cat-file", "-e", `${sha}^{commit}`]);
  return !known.failed && !(await git(root, ["merge-base", "--is-ancestor", own, sha])).failed;
}

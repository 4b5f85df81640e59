import { FleetError } from "../lib/diagnostics/problem.js";
import { gitHubClient } from "../lib/github/client.js";

/** A branch of a repository. */
export interface FilesArgs {
  readonly owner: string;
  readonly repository: string;
  readonly branch: string;
  /** `GITHUB_TOKEN`, and `GITHUB_BASE_URL` for another server than github.com. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The paths of all files on a branch, listed with one request.
 *
 * @throws FleetError with the repository and GitHub's answer, or when it has more files than GitHub lists
 * @see https://docs.github.com/en/rest/git/trees#get-a-tree
 */
export async function listFiles({ owner, repository, branch, environment }: FilesArgs): Promise<ReadonlySet<string>> {
  const failed = (message: string, fix: string) =>
    new FleetError([
      { file: "environment", path: "GITHUB_TOKEN", message: `GitHub did not list the files of ${message}`, fix },
    ]);
  const name = `${owner}/${repository}`;
  const client = gitHubClient(environment);
  const { data } = await client
    .request("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", {
      owner,
      repo: repository,
      tree_sha: branch,
      recursive: "1",
    })
    .catch((error: unknown) => {
      // GitHub answers 404 without the branch, and 409 without a first commit.
      if (error instanceof Error && "status" in error && (error.status === 404 || error.status === 409)) {
        return { data: { tree: [], truncated: false } };
      }
      throw failed(`${name}: ${String(error)}`, "Check that the token may read the contents of that repository");
    });
  if (data.truncated) {
    throw failed(`${name} to the end: there are too many`, "Give the platform a repository of its own");
  }
  return new Set(data.tree.filter(({ type }) => type === "blob").map(({ path }) => path));
}

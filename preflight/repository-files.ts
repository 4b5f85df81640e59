import { FleetError } from "../lib/diagnostics/problem.js";
import { gitHubClient } from "../lib/github/client.js";

/** Which files of which repository. */
export interface FilesArgs {
  readonly owner: string;
  readonly repository: string;
  readonly branch: string;
  /** `GITHUB_TOKEN`, and `GITHUB_BASE_URL` for another server than github.com. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The paths of all files that a repository has on a branch, at one request.
 *
 * @throws FleetError naming the repository and what GitHub answered, or that it has more files than GitHub lists
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
      // A branch that does not exist, or a first commit that does not, has no files.
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

import * as github from "@pulumi/github";
import type * as pulumi from "@pulumi/pulumi";

/** Files of a repository, their branch, and their owner. */
export interface RepositoryFilesArgs {
  /** Name of the repository, known once it exists. */
  readonly repository: pulumi.Input<string>;
  /** Branch that the commits go to. */
  readonly branch: string;
  /** Path from the repository's root → content. */
  readonly files: Readonly<Record<string, string>>;
  /**
   * Owner of the files after their creation. `"git"`: the program writes them once, and later commits may change them.
   * `"program"`: the program restores their content.
   */
  readonly owner: "git" | "program";
  /**
   * Existing files of the owner `"git"`. They are imported as they are, because GitHub's provider refuses to create an
   * existing file. @default - none
   */
  readonly existing?: { readonly repository: string; readonly paths: ReadonlySet<string> } | undefined;
}

/**
 * Commits files to a repository one after the other, because GitHub answers 409 to concurrent commits on one branch.
 * @returns the registered files in order. Each depends on the one before
 * @see https://docs.github.com/en/rest/repos/contents#create-or-update-file-contents
 */
export function repositoryFiles(
  name: string,
  args: RepositoryFilesArgs,
  opts: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  const files: pulumi.Resource[] = [];
  for (const [path, content] of Object.entries(args.files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const previous = files.at(-1);
    files.push(
      new github.RepositoryFile(
        `${name}-${path}`,
        {
          repository: args.repository,
          branch: args.branch,
          file: path,
          content,
          commitMessage: `Add ${path}`,
          commitAuthor: "fleet",
          commitEmail: "fleet@noreply.invalid",
          // Otherwise, GitHub's provider refuses a file that an imported repository already has.
          overwriteOnCreate: args.owner === "program",
        },
        {
          ...opts,
          dependsOn: previous ? [previous] : (opts.dependsOn ?? []),
          ...(args.owner === "git"
            ? {
                retainOnDelete: true,
                ignoreChanges: ["content", "commitMessage", "commitAuthor", "commitEmail"],
                ...importOf(path, args),
              }
            : { retainOnDelete: true, ignoreChanges: ["commitMessage"] }),
        },
      ),
    );
  }
  return files;
}

/**
 * Imports an existing file that is not in the state. It has no effect on a file in the state.
 * @see https://www.pulumi.com/registry/packages/github/api-docs/repositoryfile/#import
 */
function importOf(path: string, { existing, branch }: RepositoryFilesArgs): { import?: string } {
  return existing?.paths.has(path) ? { import: `${existing.repository}:${path}:${branch}` } : {};
}

import * as github from "@pulumi/github";
import type * as pulumi from "@pulumi/pulumi";

/** What is committed, where, and whose it is from then on. */
export interface RepositoryFilesArgs {
  /** Name of the repository, known once it exists. */
  readonly repository: pulumi.Input<string>;
  /** Branch that the commits go to. */
  readonly branch: string;
  /** Path from the repository's root → content. */
  readonly files: Readonly<Record<string, string>>;
  /**
   * Who owns the files once they are there: `"git"` leaves them to whoever commits next (they are written once and
   * stay when the program lets go of them), `"program"` keeps their content as given.
   */
  readonly owner: "git" | "program";
  /**
   * Files of Git's that are there already: they are imported as they are, for GitHub's provider refuses to create a
   * file that exists. @default - none
   */
  readonly existing?: { readonly repository: string; readonly paths: ReadonlySet<string> } | undefined;
}

/**
 * Commits files to a repository, one after the other: GitHub answers 409 when two commits to one branch overlap.
 * @returns the registrations in order; the last one exists when all do
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
          // A file that a taken-over repository already has would otherwise be refused.
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
 * Takes a file over that is there but not in the state; for one that is in the state it changes nothing.
 * @see https://www.pulumi.com/registry/packages/github/api-docs/repositoryfile/#import
 */
function importOf(path: string, { existing, branch }: RepositoryFilesArgs): { import?: string } {
  return existing?.paths.has(path) ? { import: `${existing.repository}:${path}:${branch}` } : {};
}

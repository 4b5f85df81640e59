import * as github from "@pulumi/github";
import type * as pulumi from "@pulumi/pulumi";
import { definedOnly } from "../../lib/data/defined-only.js";

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
  /** Paths of files that are committed before the others. @default - none */
  readonly first?: ReadonlySet<string>;
  /**
   * Existing files of the owner `"git"`. They are imported as they are, because GitHub's provider refuses to create an
   * existing file. The import has no effect on a file in the state. @default - none
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
  { repository, branch, files, owner, existing, first = new Set() }: RepositoryFilesArgs,
  opts: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  const isPrograms = owner === "program";
  const registered: pulumi.Resource[] = [];
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  const inOrder = [...sorted.filter(([file]) => first.has(file)), ...sorted.filter(([file]) => !first.has(file))];
  for (const [file, content] of inOrder) {
    const args: github.RepositoryFileArgs = {
      repository,
      branch,
      file,
      content,
      commitMessage: `Add ${file}`,
      commitAuthor: "fleet",
      commitEmail: "fleet@noreply.invalid",
      // Otherwise, GitHub's provider refuses a file that an imported repository already has.
      overwriteOnCreate: isPrograms,
    };
    const options = {
      dependsOn: registered.at(-1) ?? opts.dependsOn,
      retainOnDelete: true,
      ignoreChanges: isPrograms ? ["commitMessage"] : ["content", "commitMessage", "commitAuthor", "commitEmail"],
      import: existing?.paths.has(file) ? `${existing.repository}:${file}:${branch}` : undefined,
    };
    registered.push(new github.RepositoryFile(`${name}-${file}`, args, { ...opts, ...definedOnly(options) }));
  }
  return registered;
}

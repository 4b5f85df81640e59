import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { sshUrl } from "../../lib/github/clone-url.js";
import type { ExistingRepository } from "../../lib/github/existing.js";
import { GITHUB_OWNERSHIP_TOPIC } from "../../lib/kubernetes/ownership-labels.js";

/** What a tenant or the platform asks of its repository. */
export interface RepositorySpec {
  readonly name: string;
  readonly visibility: "private" | "internal" | "public";
  readonly defaultBranch: string;
}

/** What the repository is to be, and what it is now. */
export interface ManagedRepositoryArgs {
  /** What its file says of it. */
  readonly spec: RepositorySpec;
  /** One line shown on the repository's page. */
  readonly description: string;
  /** Whether this stack creates repositories; every other stack looks them up. */
  readonly owned: boolean;
  /** The repository as it is now; taken over when `owned`. @default - it does not exist */
  readonly existing?: ExistingRepository | undefined;
  /** Template that a new repository starts from. @default - one commit with a README */
  readonly template?: { readonly owner: string; readonly repository: string } | undefined;
  /** Topics beside ours. @default - none */
  readonly topics?: readonly string[];
  /** Whether others are generated from this one. @default false */
  readonly isTemplate?: boolean;
}

/**
 * A repository that exists once however many clusters read it: created (or taken over) by the stack that owns
 * repositories, looked up by all others.
 *
 * It is archived on removal, never deleted: what a team wrote is not the platform's to destroy.
 */
export class ManagedRepository extends pulumi.ComponentResource {
  readonly repositoryName: pulumi.Output<string>;
  /** `ssh://` URL that Flux clones from. */
  readonly cloneUrl: pulumi.Output<string>;
  /** Address of its page, as GitHub gives it: where GitHub is, and by which scheme, only GitHub knows. */
  readonly page: pulumi.Output<string>;
  /** What must exist before anything is added to the repository; empty when it was looked up. */
  readonly dependencies: readonly pulumi.Resource[];

  constructor(name: string, args: ManagedRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:git:Repository", name, {}, opts);

    if (args.owned) {
      const repository = new github.Repository(`${name}-github`, repositoryArgs(args), {
        parent: this,
        // A template is asked for once, at creation; GitHub's provider would replace the repository if it changed.
        ignoreChanges: ["template", "autoInit"],
        // One that carries our topic was created by this program whose state is gone, or archived by a removal.
        ...(args.existing ? { import: args.existing.name } : {}),
      });
      const branch = hasDefaultBranch(args)
        ? []
        : [
            new github.BranchDefault(
              `${name}-branch`,
              { repository: repository.name, branch: args.spec.defaultBranch, rename: true },
              { parent: this, retainOnDelete: true },
            ),
          ];
      this.dependencies = [repository, ...branch];
      this.repositoryName = repository.name;
      this.cloneUrl = repository.sshCloneUrl.apply(sshUrl);
      this.page = repository.htmlUrl;
    } else {
      if (!args.existing) throw new Error(`repository ${args.spec.name} was not looked up before its registration`);
      this.dependencies = [];
      this.repositoryName = pulumi.output(args.existing.name);
      this.cloneUrl = pulumi.output(sshUrl(args.existing.sshUrl));
      this.page = pulumi.output(args.existing.htmlUrl);
    }

    this.registerOutputs({ repositoryName: this.repositoryName, cloneUrl: this.cloneUrl });
  }
}

/** Default branch of the template, and so of every repository generated from it. */
export const templateBranch = "main";

/**
 * Whether a new repository starts with the branch that was asked for: one made from the template does when that is the
 * template's; any other starts with whatever the organisation's settings say.
 * @see https://docs.github.com/en/organizations/managing-organization-settings/managing-the-default-branch-name-for-repositories-in-your-organization
 */
function hasDefaultBranch({ spec, template }: ManagedRepositoryArgs): boolean {
  return template !== undefined && spec.defaultBranch === templateBranch;
}

/**
 * Every switch of the repository, because GitHub's provider sends those that are left out as false and then
 * reports what GitHub chose as a difference.
 * @see https://docs.github.com/en/rest/repos/repos#create-an-organization-repository
 */
export function repositoryArgs(args: ManagedRepositoryArgs): github.RepositoryArgs {
  return {
    name: args.spec.name,
    description: args.description,
    visibility: args.spec.visibility,
    // In GitHub's order, and each once, or there would always be a difference.
    topics: [...new Set([GITHUB_OWNERSHIP_TOPIC, ...(args.topics ?? [])])].sort(),
    ...(args.template ? { template: { ...args.template, includeAllBranches: false } } : { autoInit: true }),
    isTemplate: args.isTemplate ?? false,
    archived: false,
    archiveOnDestroy: true,
    hasIssues: true,
    hasProjects: false,
    hasWiki: false,
    hasDiscussions: false,
    allowMergeCommit: false,
    allowSquashMerge: true,
    allowRebaseMerge: true,
    allowAutoMerge: false,
    allowUpdateBranch: true,
    deleteBranchOnMerge: true,
  };
}

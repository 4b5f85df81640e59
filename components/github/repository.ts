import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { type ExistingRepositories, findRepository } from "../../lib/github/existing.js";
import { sshUrl } from "../../lib/github/ssh.js";
import { GITHUB_OWNERSHIP_TOPIC } from "../../lib/kubernetes/ownership-labels.js";
import { repositoryType, type StateIndex } from "../../lib/state/stack-state.js";
import { httpsUrl } from "./https-url.js";
import { returningAlias } from "./leaving.js";

/** GitHub's ids of repositories by their names. */
export type RepositoryIds = Readonly<Record<string, pulumi.Output<string>>>;

/** The settings of a repository, and the existing repositories. */
export interface ManagedRepositoryArgs {
  /** Its name, visibility and default branch. */
  readonly spec: Pick<FleetSpec["platform"]["repository"], "name" | "visibility" | "defaultBranch">;
  /** One line for the repository's page. */
  readonly description: string;
  /** Whether this stack manages the repository. Every other stack only refers to it. */
  readonly owned: boolean;
  /** Existing repositories. One of this name is imported when `owned`. */
  readonly existing: ExistingRepositories;
  /** The repositories in the state. */
  readonly state: Pick<StateIndex, "managed" | "github">;
  /** Template that a new repository is generated from. @default - one commit with a README */
  readonly template?: { readonly owner: string; readonly repository: string } | undefined;
  /** Topics besides that of fleet. @default - none */
  readonly topics?: readonly string[];
  /** Host and port of its SSH URL. @default - those that GitHub names */
  readonly sshAddress?: string | undefined;
  /** Whether Flux clones it by HTTPS. @default false */
  readonly byHttps?: boolean;
  /** Whether the repository is a template. @default false */
  readonly isTemplate?: boolean;
}

/**
 * A repository on GitHub. One stack creates or imports it, and all other stacks refer to it.
 * A removal archives it and never deletes it, because its content belongs to a team. `pulumi destroy` leaves it as it is.
 */
export class ManagedRepository extends pulumi.ComponentResource {
  /** Name on GitHub without the owner, known once the repository exists. */
  readonly repositoryName: pulumi.Output<string>;
  /** URL that Flux clones from: `ssh://`, or `https://` with a token. */
  readonly cloneUrl: pulumi.Output<string>;
  /** Its `ssh://` URL. */
  readonly sshUrl: pulumi.Output<string>;
  /** URL of its page, as GitHub returns it. */
  readonly page: pulumi.Output<string>;
  /** GitHub's id, by the name of the repository. Empty on other stacks. */
  readonly ids: RepositoryIds;
  /** Resources that must exist before anything is added to the repository. Empty on other stacks. */
  readonly dependencies: readonly pulumi.Resource[];
  /** The repository itself, on the stack that manages it. */
  readonly resource: pulumi.Resource | undefined;

  constructor(name: string, args: ManagedRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:git:Repository", name, {}, opts);
    const { spec, owned, template } = args;
    const existing = findRepository(args.existing, spec.name);

    if (owned) {
      const repository = new github.Repository(`${name}-github`, repositoryArgs(args), {
        parent: this,
        // A removal from the files takes two updates, and `pulumi destroy` keeps the repository (leaving.ts).
        retainOnDelete: true,
        ...returningAlias(args.state, { type: repositoryType, repository: spec.name }),
        // They apply at creation only. GitHub's provider would replace the repository for a change.
        ignoreChanges: ["template", "autoInit"],
        // The preflight checks have verified its topic: it is left from a lost state or from a removal. A repository in
        // the state is not imported: after a renaming, Pulumi would import the new name and archive the old one.
        ...(existing && !args.state.managed.has(spec.name.toLowerCase()) ? { import: existing.name } : {}),
      });
      const branch = { repository: repository.name, branch: spec.defaultBranch, rename: true };
      // A new repository has the default branch of its template, or the default of the organisation.
      const isRenamed = template === undefined || spec.defaultBranch !== templateBranch;
      this.dependencies = isRenamed
        ? [repository, new github.BranchDefault(`${name}-branch`, branch, { parent: this, retainOnDelete: true })]
        : [repository];
      this.resource = repository;
      this.repositoryName = repository.name;
      this.sshUrl = repository.sshCloneUrl.apply((url) => sshUrl(url, args.sshAddress));
      this.page = repository.htmlUrl;
      this.ids = { [spec.name]: repository.nodeId };
    } else {
      if (!existing) throw new Error(`repository ${spec.name} was not looked up before its registration`);
      this.dependencies = [];
      this.resource = undefined;
      this.repositoryName = pulumi.output(existing.name);
      this.sshUrl = pulumi.output(sshUrl(existing.sshUrl, args.sshAddress));
      this.page = pulumi.output(existing.htmlUrl);
      this.ids = {};
    }

    this.cloneUrl = args.byHttps ? this.page.apply(httpsUrl) : this.sshUrl;
    this.registerOutputs();
  }
}

/** Default branch of the template, and so of every repository generated from it. */
export const templateBranch = "main";

/**
 * The arguments of the repository, with every setting. GitHub's provider sends an omitted one as false, and then reports
 * GitHub's default as a difference.
 * @see https://docs.github.com/en/rest/repos/repos#create-an-organization-repository
 */
function repositoryArgs(args: ManagedRepositoryArgs): github.RepositoryArgs {
  const { spec, description, topics = [], template, isTemplate = false } = args;
  return {
    name: spec.name,
    description,
    visibility: spec.visibility,
    // Sorted and unique like GitHub's answer. Otherwise, there would always be a difference.
    topics: [...new Set([GITHUB_OWNERSHIP_TOPIC, ...topics])].sort(),
    ...(template ? { template: { ...template, includeAllBranches: false } } : { autoInit: true }),
    isTemplate,
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

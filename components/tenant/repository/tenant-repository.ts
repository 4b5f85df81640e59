import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { TENANT_TEMPLATE_REPOSITORY } from "../../../config/names.js";
import type { RepositoryPart } from "../../../config/tenant/parts.js";
import type { ExistingRepository, Rulesets } from "../../../lib/github/existing.js";
import { CODEOWNERS_PATH, codeownersFile } from "../../github/codeowners.js";
import { DeployKey } from "../../github/deploy-key.js";
import { protectedBranch } from "../../github/protected-branch.js";
import { ManagedRepository } from "../../github/repository.js";
import { repositoryFiles } from "../../github/repository-files.js";

/** What the tenant's file says of the repository, who reads it and pushes to it, and what it is now. */
export interface TenantRepositoryArgs {
  /** What the tenant's file says of it. */
  readonly repository: RepositoryPart["repository"];
  /** One line shown on the repository's page. */
  readonly description: string;
  /** Organisation that the template is in. */
  readonly owner: string;
  /** Whether this stack creates repositories. */
  readonly ownsRepositories: boolean;
  /** Cluster that will read the repository; title of its deploy key. */
  readonly cluster: string;
  /** The repository as it is now. @default - it does not exist */
  readonly existing?: ExistingRepository | undefined;
  /** Number of the team that may push. @default - none; whom somebody lets in on GitHub */
  readonly teamId?: pulumi.Input<string> | undefined;
  /** Rulesets that a lost state left. */
  readonly rulesetsToImport: Rulesets;
  /** What must exist before the repository is generated. */
  readonly template: readonly pulumi.Resource[];
}

/** One of a tenant's repositories, who may push to it, and the key with which this cluster reads it. */
export class TenantRepository extends pulumi.ComponentResource {
  /** `ssh://` URL that Flux clones from. */
  readonly cloneUrl: pulumi.Output<string>;
  /** Address of its page at GitHub. */
  readonly page: pulumi.Output<string>;
  readonly key: DeployKey;
  /** Name at GitHub, without its owner; known when the repository is there. */
  readonly repositoryName: pulumi.Output<string>;
  /** What must exist before anything refers to the repository. */
  readonly dependencies: readonly pulumi.Resource[];

  constructor(name: string, args: TenantRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Repository", name, {}, opts);
    const { repository: spec } = args;
    // What somebody else made is somebody else's to give rights on, and to protect.
    const owned = args.ownsRepositories && !spec.existing;

    const repository = new ManagedRepository(
      `${name}-repository`,
      {
        spec,
        description: args.description,
        owned,
        existing: args.existing,
        topics: spec.topics,
        template: spec.scaffold ? { owner: args.owner, repository: TENANT_TEMPLATE_REPOSITORY } : undefined,
      },
      { parent: this, dependsOn: spec.scaffold ? [...args.template] : [] },
    );
    this.cloneUrl = repository.cloneUrl;
    this.page = repository.page;
    this.repositoryName = repository.repositoryName;
    this.dependencies = repository.dependencies;
    if (owned) this.#govern(name, repository, args);
    this.key = new DeployKey(
      `${name}-key`,
      { repository: repository.repositoryName, cluster: args.cluster },
      { parent: this, dependsOn: [...repository.dependencies] },
    );

    this.registerOutputs({ cloneUrl: this.cloneUrl, keyFingerprint: this.key.fingerprint });
  }

  /** Who may push, who owns which files, and what is demanded of a change: settled once, where repositories are made. */
  #govern(
    name: string,
    { repositoryName, dependencies: created }: ManagedRepository,
    args: TenantRepositoryArgs,
  ): void {
    const { repository: spec, teamId, rulesetsToImport: lost } = args;
    const repository = repositoryName;
    const opts = { parent: this, dependsOn: [...created] };
    if (teamId !== undefined) {
      new github.TeamRepository(`${name}-team`, { teamId, repository, permission: "push" }, opts);
    }
    const rules = protectedBranch(`${name}-ruleset`, { repository, spec, rulesetsToImport: lost }, opts);
    if (spec.codeowners.length === 0) return;
    repositoryFiles(
      `${name}-file`,
      {
        repository,
        branch: spec.defaultBranch,
        files: { [CODEOWNERS_PATH]: codeownersFile(spec.codeowners) },
        owner: "program",
      },
      // Rules that demand a pull request must have let the program through before it commits.
      { parent: this, dependsOn: [...created, ...rules] },
    );
  }
}

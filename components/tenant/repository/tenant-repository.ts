import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { TENANT_TEMPLATE_REPOSITORY } from "../../../config/names.js";
import type { RepositoryPart } from "../../../config/tenant/parts.js";
import { type ExistingGitHub, findRepository } from "../../../lib/github/existing.js";
import { CODEOWNERS_PATH, codeownersFile } from "../../github/codeowners.js";
import { DeployKey } from "../../github/deploy-key.js";
import { protectedBranch } from "../../github/protected-branch.js";
import { ManagedRepository } from "../../github/repository.js";
import { repositoryFiles } from "../../github/repository-files.js";
import type { TenantContext } from "../registered-parts.js";

/** One repository of a tenant, and the existing objects of GitHub. */
export interface TenantRepositoryArgs extends TenantContext {
  /** The settings of this repository. */
  readonly repository: RepositoryPart["repository"];
  /** Objects of GitHub that exist before the update. */
  readonly existing: ExistingGitHub;
  /** Id of the team that may push. @default - no team: access is granted on GitHub */
  readonly teamId?: pulumi.Input<string> | undefined;
  /** Resources that must exist before a repository is generated from the template. */
  readonly templateDependencies: readonly pulumi.Resource[];
}

/** One repository of a tenant, its access rights and rulesets, and this cluster's deploy key for it. */
export class TenantRepository extends pulumi.ComponentResource {
  /** `ssh://` URL that Flux clones from. */
  readonly cloneUrl: pulumi.Output<string>;
  /** URL of the repository's page. */
  readonly page: pulumi.Output<string>;
  readonly key: DeployKey;
  /** Name on GitHub without the owner, known once the repository exists. */
  readonly repositoryName: pulumi.Output<string>;
  /** Resources that must exist before anything is added to the repository. */
  readonly dependencies: readonly pulumi.Resource[];

  constructor(name: string, args: TenantRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Repository", name, {}, opts);
    // The owner of an existing repository also manages its access rights and rulesets.
    const owned = args.spec.github.ownsRepositories && !args.repository.existing;

    const repository = this.#registerRepository(name, args, owned);
    if (owned) this.#registerAccess(name, repository, args);
    this.key = new DeployKey(
      `${name}-key`,
      { repository: repository.repositoryName, cluster: args.spec.cluster },
      { parent: this, dependsOn: [...repository.dependencies] },
    );

    this.cloneUrl = repository.cloneUrl;
    this.page = repository.page;
    this.repositoryName = repository.repositoryName;
    this.dependencies = repository.dependencies;
    this.registerOutputs({ cloneUrl: this.cloneUrl, keyFingerprint: this.key.fingerprint });
  }

  #registerRepository(name: string, args: TenantRepositoryArgs, owned: boolean): ManagedRepository {
    const { repository, tenant, spec, existing, templateDependencies } = args;
    return new ManagedRepository(
      `${name}-repository`,
      {
        spec: repository,
        description: tenant.description,
        owned,
        existing: findRepository(existing.repositories, repository.name),
        topics: repository.topics,
        template: repository.scaffold
          ? { owner: spec.github.owner, repository: TENANT_TEMPLATE_REPOSITORY }
          : undefined,
      },
      { parent: this, dependsOn: repository.scaffold ? [...templateDependencies] : [] },
    );
  }

  /** Registers the team's right to push, the rulesets, and the CODEOWNERS file. */
  #registerAccess(name: string, { repositoryName, dependencies }: ManagedRepository, args: TenantRepositoryArgs): void {
    const { repository: spec, teamId, existing } = args;
    const opts = { parent: this, dependsOn: [...dependencies] };
    if (teamId !== undefined) {
      const grant = { teamId, repository: repositoryName, permission: "push" };
      new github.TeamRepository(`${name}-team`, grant, opts);
    }
    const rulesets = protectedBranch(
      `${name}-ruleset`,
      { repository: repositoryName, spec, rulesetsToImport: existing.rulesetsToImport },
      opts,
    );
    if (spec.codeowners.length === 0) return;
    repositoryFiles(
      `${name}-file`,
      {
        repository: repositoryName,
        branch: spec.defaultBranch,
        files: { [CODEOWNERS_PATH]: codeownersFile(spec.codeowners) },
        owner: "program",
      },
      // The program commits directly, so the ruleset that exempts it must exist before.
      { parent: this, dependsOn: [...dependencies, ...rulesets] },
    );
  }
}

import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { RepositoryPart } from "../../../config/tenant/parts.js";
import { templateRepository } from "../../../config/tenant/repositories/scaffolds.js";
import { repositoryComponent } from "../../../lib/state/stack-state.js";
import { rulesetsOf } from "../../../policies/rulesets.js";
import { codeownersFiles } from "../../github/codeowners.js";
import { DeployKey } from "../../github/deploy-key.js";
import type { GitCredential } from "../../github/git-credential.js";
import { ManagedRepository } from "../../github/repository.js";
import { repositoryFiles } from "../../github/repository-files.js";
import { repositoryRulesets } from "../../github/rulesets.js";
import { withAlias } from "../../state-aliases.js";
import type { TenantArgs } from "../registered-parts.js";

/** One repository of a tenant, and the existing objects of GitHub. */
export interface TenantRepositoryArgs
  extends Pick<TenantArgs, "tenant" | "spec" | "existing" | "state" | "gitTokens" | "templateDependencies"> {
  /** The settings of this repository. */
  readonly repository: RepositoryPart["repository"];
  /** Whether this cluster syncs the repository, with a deploy key or a token. */
  readonly isSynced: boolean;
  /** Id of the team that may push. @default - no team: access is granted on GitHub */
  readonly teamId?: pulumi.Input<string> | undefined;
}

/** One repository of a tenant, its access rights and rulesets, and the credential of a cluster that syncs it. */
export class TenantRepository extends pulumi.ComponentResource {
  readonly repository: ManagedRepository;
  readonly #credential: GitCredential | undefined;

  constructor(name: string, args: TenantRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super(repositoryComponent, name, {}, withAlias(formerUrn(args), opts));
    // The owner of an existing repository also manages its access rights and rulesets.
    const owned = args.spec.github.ownsRepositories && !args.repository.existing;

    this.repository = this.#registerRepository(name, args, owned);
    const { repositoryName: repository, dependencies, resource: deletedWith } = this.repository;
    const afterRepository = { parent: this, dependsOn: [...dependencies] };
    if (owned) {
      if (args.teamId !== undefined) {
        const grant = { teamId: args.teamId, repository, permission: "push" };
        // GitHub has one grant for a team and a repository: a new one, then deleted as the old one, would be none.
        const kept = { deleteBeforeReplace: true, ...(deletedWith && { deletedWith }) };
        new github.TeamRepository(`${name}-team`, grant, { ...afterRepository, ...kept });
      }
      const { name: repositoryName, codeowners, defaultBranch: branch } = args.repository;
      const toImport = args.existing.rulesetsToImport;
      const rulesetArgs = { rulesets: rulesetsOf(args.repository), branch, toImport };
      const ofRepository = { repository, repositoryName, deletedWith, state: args.state };
      const rulesets = repositoryRulesets(name, { ...rulesetArgs, ...ofRepository }, afterRepository);
      const files = codeownersFiles(codeowners, "the tenant's file");
      // The program commits directly, so the ruleset that exempts it must exist before.
      const afterRulesets = { parent: this, dependsOn: [...dependencies, ...rulesets] };
      repositoryFiles(`${name}-file`, { repository, branch, files, owner: "program" }, afterRulesets);
    }
    const { spec, state } = args;
    const keyArgs = { repository, repositoryName: args.repository.name, cluster: spec.cluster, state };
    if (args.isSynced) {
      this.#credential = tokenOf(args, "read") ?? new DeployKey(`${name}-key`, keyArgs, afterRepository);
    }

    this.registerOutputs();
  }

  /** This cluster's deploy key or token. @throws Error when the cluster does not sync the repository */
  get credential(): GitCredential {
    if (this.#credential === undefined) throw new Error("this cluster does not sync the repository");
    return this.#credential;
  }

  #registerRepository(name: string, args: TenantRepositoryArgs, owned: boolean): ManagedRepository {
    const { repository, tenant, spec, existing, state, templateDependencies } = args;
    const { scaffold } = repository;
    const settings = {
      spec: repository,
      description: tenant.description,
      owned,
      existing: existing.repositories,
      sshAddress: spec.github.sshAddress,
      byHttps: args.isSynced && args.gitTokens !== undefined,
      state,
      topics: repository.topics,
      template: scaffold ? { owner: spec.github.owner, repository: templateRepository(scaffold) } : undefined,
    };
    const dependsOn = scaffold ? [...(templateDependencies.get(scaffold) ?? [])] : [];
    return new ManagedRepository(`${name}-repository`, settings, { parent: this, dependsOn });
  }
}

/** A tenant's token of one use. Undefined for a tenant that Flux clones by SSH. */
export function tokenOf(
  { gitTokens, spec }: Pick<TenantArgs, "gitTokens" | "spec">,
  use: "read" | "write",
): GitCredential | undefined {
  return gitTokens && { token: gitTokens.apply((own) => own[use] ?? ""), certificates: spec.github.gitCertificates };
}

/**
 * The URN that the component has in the state: the repository may have been the tenant's primary one, or another
 * tenant's. Undefined for one that this stack does not manage, and that several tenants may have (`existing: true`): its
 * deploy key belongs to one of them.
 */
function formerUrn({ state, tenant, repository }: TenantRepositoryArgs): string | undefined {
  const stated = state.repositories.get(repository.name.toLowerCase());
  return stated?.managed || stated?.tenant === tenant.name ? stated.urn : undefined;
}

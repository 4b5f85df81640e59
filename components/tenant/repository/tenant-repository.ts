import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { TENANT_TEMPLATE_REPOSITORY } from "../../../config/names.js";
import type { RepositoryPart } from "../../../config/tenant/parts.js";
import { rulesetsOf } from "../../../policies/rulesets.js";
import { DeployKey } from "../../github/deploy-key.js";
import { ManagedRepository } from "../../github/repository.js";
import { repositoryFiles } from "../../github/repository-files.js";
import type { TenantArgs } from "../registered-parts.js";

/** One repository of a tenant, and the existing objects of GitHub. */
export interface TenantRepositoryArgs
  extends Pick<TenantArgs, "tenant" | "spec" | "existing" | "templateDependencies"> {
  /** The settings of this repository. */
  readonly repository: RepositoryPart["repository"];
  /** Id of the team that may push. @default - no team: access is granted on GitHub */
  readonly teamId?: pulumi.Input<string> | undefined;
}

/** One repository of a tenant, its access rights and rulesets, and this cluster's deploy key for it. */
export class TenantRepository extends pulumi.ComponentResource {
  readonly repository: ManagedRepository;
  readonly key: DeployKey;

  constructor(name: string, args: TenantRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Repository", name, {}, opts);
    // The owner of an existing repository also manages its access rights and rulesets.
    const owned = args.spec.github.ownsRepositories && !args.repository.existing;

    this.repository = this.#registerRepository(name, args, owned);
    const { repositoryName: repository, cloneUrl, dependencies } = this.repository;
    const afterRepository = { parent: this, dependsOn: [...dependencies] };
    if (owned) {
      if (args.teamId !== undefined) {
        const grant = { teamId: args.teamId, repository, permission: "push" };
        new github.TeamRepository(`${name}-team`, grant, afterRepository);
      }
      const rulesets = this.#registerRulesets(name, args, afterRepository);
      const { codeowners, defaultBranch: branch } = args.repository;
      const files = codeowners.length > 0 ? { [codeownersPath]: codeownersFile(codeowners) } : {};
      // The program commits directly, so the ruleset that exempts it must exist before.
      const afterRulesets = { parent: this, dependsOn: [...dependencies, ...rulesets] };
      repositoryFiles(`${name}-file`, { repository, branch, files, owner: "program" }, afterRulesets);
    }
    this.key = new DeployKey(`${name}-key`, { repository, cluster: args.spec.cluster }, afterRepository);

    this.registerOutputs({ cloneUrl, keyFingerprint: this.key.fingerprint });
  }

  #registerRepository(name: string, args: TenantRepositoryArgs, owned: boolean): ManagedRepository {
    const { repository, tenant, spec, existing, templateDependencies } = args;
    const template = { owner: spec.github.owner, repository: TENANT_TEMPLATE_REPOSITORY };
    const settings = {
      spec: repository,
      description: tenant.description,
      owned,
      existing: existing.repositories,
      topics: repository.topics,
      template: repository.scaffold ? template : undefined,
    };
    const dependsOn = repository.scaffold ? [...templateDependencies] : [];
    return new ManagedRepository(`${name}-repository`, settings, { parent: this, dependsOn });
  }

  /** Registers the rulesets that protect the default branch. Without protection there are none. */
  #registerRulesets(name: string, args: TenantRepositoryArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
    const { repository, existing } = args;
    return rulesetsOf(repository).map((ruleset) => {
      const id = existing.rulesetsToImport.get(`${repository.name}/${ruleset.name}`);
      const settings = {
        ...ruleset,
        repository: this.repository.repositoryName,
        target: "branch",
        enforcement: "active",
        conditions: { refName: { includes: ["~DEFAULT_BRANCH"], excludes: [] } },
      };
      const own = { ...opts, ...(id === undefined ? {} : { import: `${repository.name}:${id}` }) };
      return new github.RepositoryRuleset(`${name}-ruleset-${ruleset.name}`, settings, own);
    });
  }
}

/**
 * Path of the CODEOWNERS file. GitHub looks there first, so no other file can take precedence.
 * @see https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-file-location
 */
const codeownersPath = ".github/CODEOWNERS";

/** The CODEOWNERS file of a repository. */
export function codeownersFile(lines: RepositoryPart["repository"]["codeowners"]): string {
  const header = "# Written by the platform from the tenant's file: a change here is undone by its next one.\n";
  return header + lines.map(({ pattern, owners }) => `${pattern} ${owners.join(" ")}\n`).join("");
}

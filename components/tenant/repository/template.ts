import * as pulumi from "@pulumi/pulumi";
import { type Scaffold, templateRepository } from "../../../config/tenant/repositories/scaffolds.js";
import { templateRulesets } from "../../../policies/rulesets.js";
import { tenantScaffold } from "../../../policies/scaffold/scaffold.js";
import type { FleetArgs } from "../../fleet-args.js";
import { ManagedRepository, type RepositoryIds, templateBranch } from "../../github/repository.js";
import { repositoryFiles } from "../../github/repository-files.js";
import { repositoryRulesets } from "../../github/rulesets.js";

/** A kind of first files, and the existing objects of GitHub. */
interface TenantTemplateArgs extends FleetArgs {
  readonly scaffold: Scaffold;
}

/**
 * The template repository that tenants' repositories of one kind are generated from. A generated repository costs one request to
 * GitHub. The same files, committed one by one, would cost six requests each.
 */
export class TenantTemplate extends pulumi.ComponentResource {
  /** Resources that must exist before a repository is generated. */
  readonly dependencies: readonly pulumi.Resource[];
  readonly ids: RepositoryIds;

  constructor(name: string, args: TenantTemplateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Template", name, {}, opts);
    const { spec, existing, state } = args;
    const repositoryName = templateRepository(args.scaffold);
    const {
      repositoryName: repository,
      dependencies,
      ids,
      resource,
    } = new ManagedRepository(
      `${name}-repository`,
      {
        spec: { name: repositoryName, visibility: "private", defaultBranch: templateBranch },
        description: "What every tenant's repository starts with",
        owned: true,
        existing: existing.repositories,
        state,
        isTemplate: true,
      },
      { parent: this },
    );
    const scaffold = {
      repository,
      branch: templateBranch,
      files: tenantScaffold(args.scaffold, spec),
      owner: "program" as const,
    };
    const rulesets = templateRulesets(spec.platform.repository);
    const rulesetArgs = { rulesets, branch: templateBranch, repository, repositoryName, state };
    const afterRepository = { parent: this, dependsOn: [...dependencies] };
    const toImport = existing.rulesetsToImport;
    repositoryRulesets(name, { ...rulesetArgs, toImport, deletedWith: resource }, afterRepository);
    const files = repositoryFiles(`${name}-file`, scaffold, afterRepository);
    // All files, although each waits for the one before: with `pulumi up --target`, the engine refuses a new resource only for
    // a new dependency of its own. Behind the last file alone, a repository would be generated without another, new file.
    this.dependencies = [...dependencies, ...files];
    this.ids = ids;
    this.registerOutputs();
  }
}

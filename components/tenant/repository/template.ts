import * as pulumi from "@pulumi/pulumi";
import { TENANT_TEMPLATE_REPOSITORY } from "../../../config/names.js";
import { history } from "../../../policies/rulesets.js";
import { tenantScaffold } from "../../../policies/scaffold/scaffold.js";
import type { FleetArgs } from "../../fleet-args.js";
import { ManagedRepository, type RepositoryIds, templateBranch } from "../../github/repository.js";
import { repositoryFiles } from "../../github/repository-files.js";
import { repositoryRulesets } from "../../github/rulesets.js";

/**
 * The template repository that tenants' repositories are generated from. A generated repository costs one request to
 * GitHub. The same files, committed one by one, would cost six requests each.
 */
export class TenantTemplate extends pulumi.ComponentResource {
  /** Resources that must exist before a repository is generated. */
  readonly dependencies: readonly pulumi.Resource[];
  readonly ids: RepositoryIds;

  constructor(name: string, { spec, existing, state }: FleetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Template", name, {}, opts);
    const {
      repositoryName: repository,
      dependencies,
      ids,
      resource,
    } = new ManagedRepository(
      `${name}-repository`,
      {
        spec: { name: TENANT_TEMPLATE_REPOSITORY, visibility: "private", defaultBranch: templateBranch },
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
      files: tenantScaffold(spec),
      owner: "program" as const,
    };
    const rulesets = spec.platform.repository.protection.enabled ? [history] : [];
    const rulesetArgs = {
      rulesets,
      branch: templateBranch,
      repository,
      repositoryName: TENANT_TEMPLATE_REPOSITORY,
      state,
    };
    const afterRepository = { parent: this, dependsOn: [...dependencies] };
    const toImport = existing.rulesetsToImport;
    repositoryRulesets(name, { ...rulesetArgs, toImport, deletedWith: resource }, afterRepository);
    const files = repositoryFiles(`${name}-file`, scaffold, afterRepository);
    this.dependencies = [...dependencies, ...files];
    this.ids = ids;
    this.registerOutputs({ repository });
  }
}

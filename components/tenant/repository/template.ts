import * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { TENANT_TEMPLATE_REPOSITORY } from "../../../config/names.js";
import { type ExistingGitHub, findRepository } from "../../../lib/github/existing.js";
import { ManagedRepository, templateBranch } from "../../github/repository.js";
import { repositoryFiles } from "../../github/repository-files.js";
import { tenantScaffold } from "./scaffold.js";

/** The stacks that the template has folders for, and the existing objects of GitHub. */
export interface TenantTemplateArgs {
  readonly spec: Pick<FleetSpec, "stacks">;
  readonly existing: Pick<ExistingGitHub, "repositories">;
}

/**
 * The template repository that tenants' repositories are generated from.
 *
 * A generated repository costs one request to GitHub. The same files, committed one by one, would cost six requests
 * each.
 */
export class TenantTemplate extends pulumi.ComponentResource {
  /** Resources that must exist before a repository is generated. */
  readonly dependencies: readonly pulumi.Resource[];

  constructor(name: string, { spec, existing }: TenantTemplateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Template", name, {}, opts);

    const repository = new ManagedRepository(
      `${name}-repository`,
      {
        spec: { name: TENANT_TEMPLATE_REPOSITORY, visibility: "private", defaultBranch: templateBranch },
        description: "What every tenant's repository starts with",
        owned: true,
        existing: findRepository(existing.repositories, TENANT_TEMPLATE_REPOSITORY),
        isTemplate: true,
      },
      { parent: this },
    );
    const files = repositoryFiles(
      `${name}-file`,
      {
        repository: repository.repositoryName,
        branch: templateBranch,
        files: tenantScaffold(spec.stacks),
        owner: "program",
      },
      { parent: this, dependsOn: [...repository.dependencies] },
    );
    this.dependencies = [...repository.dependencies, ...files];

    this.registerOutputs({ repository: repository.repositoryName });
  }
}

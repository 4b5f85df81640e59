import * as pulumi from "@pulumi/pulumi";
import { TENANT_TEMPLATE_REPOSITORY } from "../../../config/names.js";
import type { ExistingRepository } from "../../../lib/github/existing.js";
import { ManagedRepository, templateBranch } from "../../github/repository.js";
import { repositoryFiles } from "../../github/repository-files.js";
import { tenantScaffold } from "./scaffold.js";

/** What the template is made of, and what it is now. */
export interface TenantTemplateArgs {
  /** Stacks whose folders the scaffold has. */
  readonly stacks: readonly string[];
  /** The template as it is now. @default - it does not exist */
  readonly existing?: ExistingRepository | undefined;
}

/**
 * The template repository that tenants' repositories are generated from.
 *
 * One generated commit costs GitHub one request for each tenant; the same files one by one would cost six for each
 * file.
 */
export class TenantTemplate extends pulumi.ComponentResource {
  /** What must exist before a repository is generated. */
  readonly dependencies: readonly pulumi.Resource[];

  constructor(name: string, args: TenantTemplateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Template", name, {}, opts);

    const repository = new ManagedRepository(
      `${name}-repository`,
      {
        spec: { name: TENANT_TEMPLATE_REPOSITORY, visibility: "private", defaultBranch: templateBranch },
        description: "What every tenant's repository starts with",
        owned: true,
        existing: args.existing,
        isTemplate: true,
      },
      { parent: this },
    );
    const files = repositoryFiles(
      `${name}-file`,
      {
        repository: repository.repositoryName,
        branch: templateBranch,
        files: tenantScaffold(args.stacks),
        owner: "program",
      },
      { parent: this, dependsOn: [...repository.dependencies] },
    );
    this.dependencies = [...repository.dependencies, ...files];

    this.registerOutputs({ repository: repository.repositoryName });
  }
}

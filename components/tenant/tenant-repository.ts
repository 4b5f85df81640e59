import * as pulumi from "@pulumi/pulumi";
import { TENANT_TEMPLATE_REPOSITORY } from "../../stacks/names.js";
import { DeployKey } from "../git/deploy-key.js";
import { type ExistingRepository, ManagedRepository } from "../git/repository.js";
import type { RepositoryPart } from "./parts.js";

export interface TenantRepositoryArgs {
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
  /** What must exist before the repository is generated. */
  readonly template: readonly pulumi.Resource[];
}

/** One of a tenant's repositories, and the key with which this cluster reads it. */
export class TenantRepository extends pulumi.ComponentResource {
  /** `ssh://` URL that Flux clones from. */
  readonly cloneUrl: pulumi.Output<string>;
  readonly key: DeployKey;
  /** Name at GitHub, without its owner; known when the repository is there. */
  readonly repositoryName: pulumi.Output<string>;
  /** What must exist before anything refers to the repository. */
  readonly created: readonly pulumi.Resource[];

  constructor(name: string, args: TenantRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Repository", name, {}, opts);
    const { repository: spec } = args;

    const repository = new ManagedRepository(
      `${name}-repository`,
      {
        spec,
        description: args.description,
        owned: args.ownsRepositories && !spec.existing,
        existing: args.existing,
        template: spec.scaffold ? { owner: args.owner, repository: TENANT_TEMPLATE_REPOSITORY } : undefined,
      },
      { parent: this, dependsOn: spec.scaffold ? [...args.template] : [] },
    );
    this.cloneUrl = repository.cloneUrl;
    this.repositoryName = repository.repositoryName;
    this.created = repository.created;
    this.key = new DeployKey(
      `${name}-key`,
      { repository: repository.repositoryName, cluster: args.cluster },
      { parent: this, dependsOn: [...repository.created] },
    );

    this.registerOutputs({ cloneUrl: this.cloneUrl, keyFingerprint: this.key.fingerprint });
  }
}

import * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { type ExistingGitHub, findRepository } from "../../lib/github/existing.js";
import { DeployKey } from "../github/deploy-key.js";
import { ManagedRepository } from "../github/repository.js";
import { repositoryFiles } from "../github/repository-files.js";

/** The stack, the first files of the platform repository, and the existing objects of GitHub. */
export interface PlatformRepositoryArgs {
  readonly spec: FleetSpec;
  /** Objects of GitHub that exist before the update. */
  readonly existing: ExistingGitHub;
  /**
   * Files of a new platform repository, path → content: the folder `fleet/` of this checkout. Later changes are made by
   * commits only.
   */
  readonly seed: Readonly<Record<string, string>>;
}

/** The repository that Flux applies for the platform, and this cluster's deploy key for it. */
export class PlatformRepository extends pulumi.ComponentResource {
  /** `ssh://` URL that Flux clones from. */
  readonly cloneUrl: pulumi.Output<string>;
  readonly key: DeployKey;
  /** Resources that must exist before Flux can sync. */
  readonly dependencies: readonly pulumi.Resource[];

  constructor(name: string, args: PlatformRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:platform:Repository", name, {}, opts);
    const { github, platform, cluster } = args.spec;

    const repository = new ManagedRepository(
      `${name}-repository`,
      {
        spec: platform.repository,
        description: "What Flux applies for the platform on every cluster of the fleet",
        owned: github.ownsRepositories,
        existing: findRepository(args.existing.repositories, platform.repository.name),
      },
      { parent: this },
    );
    const files = github.ownsRepositories ? this.#registerFiles(name, repository, args) : [];
    this.key = new DeployKey(
      `${name}-key`,
      { repository: repository.repositoryName, cluster },
      { parent: this, dependsOn: [...repository.dependencies] },
    );

    this.cloneUrl = repository.cloneUrl;
    this.dependencies = [...files, this.key];
    this.registerOutputs({ cloneUrl: this.cloneUrl, keyFingerprint: this.key.fingerprint });
  }

  #registerFiles(name: string, { repositoryName, dependencies }: ManagedRepository, args: PlatformRepositoryArgs) {
    const { repositories, platformFiles } = args.existing;
    const { repository } = args.spec.platform;
    const existing = findRepository(repositories, repository.name);
    return repositoryFiles(
      `${name}-seed`,
      {
        repository: repositoryName,
        branch: repository.defaultBranch,
        files: args.seed,
        owner: "git",
        existing: existing && { repository: existing.name, paths: platformFiles },
      },
      { parent: this, dependsOn: [...dependencies] },
    );
  }
}

import * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../../config/fleet-spec.js";
import type { ExistingRepository } from "../../lib/github/existing.js";
import { DeployKey } from "../github/deploy-key.js";
import { ManagedRepository } from "../github/repository.js";
import { repositoryFiles } from "../github/repository-files.js";

/** What the platform's repository is to be, what it starts with, and what it is now. */
export interface PlatformRepositoryArgs {
  /** What the stack's settings say of it. */
  readonly repository: FleetSpec["platform"]["repository"];
  /** Cluster that will read the repository. */
  readonly cluster: string;
  /** Whether this stack creates repositories. */
  readonly owned: boolean;
  /** The repository as it is now. @default - it does not exist */
  readonly existing?: ExistingRepository | undefined;
  /**
   * What a new platform repository starts with, path → content: this checkout's `fleet/` folder. From then on it is
   * changed by commits only.
   */
  readonly seed: Readonly<Record<string, string>>;
  /** Paths of those among them that the repository has already, with whatever content. @default - none */
  readonly existingFiles?: ReadonlySet<string> | undefined;
}

/** The repository of what Flux itself applies for the platform, and this cluster's key to it. */
export class PlatformRepository extends pulumi.ComponentResource {
  /** `ssh://` URL that Flux clones from. */
  readonly cloneUrl: pulumi.Output<string>;
  readonly key: DeployKey;
  /** What must exist before Flux can sync. */
  readonly dependencies: readonly pulumi.Resource[];

  constructor(name: string, args: PlatformRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:platform:Repository", name, {}, opts);

    const repository = new ManagedRepository(
      `${name}-repository`,
      {
        spec: args.repository,
        description: "What Flux applies for the platform on every cluster of the fleet",
        owned: args.owned,
        existing: args.existing,
      },
      { parent: this },
    );
    this.cloneUrl = repository.cloneUrl;

    const files = args.owned
      ? repositoryFiles(
          `${name}-seed`,
          {
            repository: repository.repositoryName,
            branch: args.repository.defaultBranch,
            files: args.seed,
            owner: "git",
            existing: args.existing && { repository: args.existing.name, paths: args.existingFiles ?? new Set() },
          },
          { parent: this, dependsOn: [...repository.dependencies] },
        )
      : [];

    this.key = new DeployKey(
      `${name}-key`,
      { repository: repository.repositoryName, cluster: args.cluster },
      { parent: this, dependsOn: [...repository.dependencies] },
    );
    this.dependencies = [...files, this.key];

    this.registerOutputs({ cloneUrl: this.cloneUrl, keyFingerprint: this.key.fingerprint });
  }
}

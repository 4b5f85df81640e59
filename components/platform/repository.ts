import * as pulumi from "@pulumi/pulumi";
import { findRepository } from "../../lib/github/existing.js";
import type { FleetArgs } from "../fleet-args.js";
import { DeployKey } from "../github/deploy-key.js";
import { ManagedRepository } from "../github/repository.js";
import { repositoryFiles } from "../github/repository-files.js";

/** The repository that Flux applies for the platform, and this cluster's deploy key for it. */
export class PlatformRepository extends pulumi.ComponentResource {
  /** `ssh://` URL that Flux clones from. */
  readonly cloneUrl: pulumi.Output<string>;
  readonly key: DeployKey;
  /** Resources that must exist before Flux can sync. */
  readonly dependencies: readonly pulumi.Resource[];

  constructor(
    name: string,
    { spec, existing, platformSeed }: Pick<FleetArgs, "spec" | "existing" | "platformSeed">,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("fleet:platform:Repository", name, {}, opts);
    const { repository: settings } = spec.platform;
    const { ownsRepositories: owned } = spec.github;
    const { repositories, platformFiles: paths } = existing;

    const { repositoryName, cloneUrl, dependencies } = new ManagedRepository(
      `${name}-repository`,
      {
        spec: settings,
        description: "What Flux applies for the platform on every cluster of the fleet",
        owned,
        existing: repositories,
      },
      { parent: this },
    );
    const afterRepository = { parent: this, dependsOn: [...dependencies] };
    const known = findRepository(repositories, settings.name);
    const seed = {
      repository: repositoryName,
      branch: settings.defaultBranch,
      files: platformSeed,
      owner: "git" as const,
      existing: known && { repository: known.name, paths },
    };
    const files = owned ? repositoryFiles(`${name}-seed`, seed, afterRepository) : [];
    const keyArgs = { repository: repositoryName, cluster: spec.cluster };
    this.key = new DeployKey(`${name}-key`, keyArgs, afterRepository);

    this.cloneUrl = cloneUrl;
    this.dependencies = [...files, this.key];
    this.registerOutputs({ cloneUrl, keyFingerprint: this.key.fingerprint });
  }
}

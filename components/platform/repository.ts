import * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { filesOfCluster } from "../../config/platform/checks.js";
import { clusterVariables } from "../../config/stack/cluster-variables.js";
import { findRepository } from "../../lib/github/existing.js";
import { platformComponent } from "../../lib/state/stack-state.js";
import { history } from "../../policies/rulesets.js";
import type { FleetArgs } from "../fleet-args.js";
import { DeployKey } from "../github/deploy-key.js";
import { ManagedRepository, type RepositoryIds } from "../github/repository.js";
import { repositoryFiles } from "../github/repository-files.js";
import { repositoryRulesets } from "../github/rulesets.js";

/** The repository that Flux applies for the platform, and this cluster's deploy key for it. */
export class PlatformRepository extends pulumi.ComponentResource {
  /** `ssh://` URL that Flux clones from. */
  readonly cloneUrl: pulumi.Output<string>;
  readonly key: DeployKey;
  readonly ids: RepositoryIds;
  /** Resources that must exist before Flux can sync: of the files, those of this cluster. */
  readonly dependencies: readonly pulumi.Resource[];

  constructor(
    name: string,
    { spec, existing, state, platformSeed }: FleetArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(platformComponent, name, {}, opts);
    const { name: repositoryName, defaultBranch: branch } = spec.platform.repository;
    const { ownsRepositories: owned, sshAddress } = spec.github;
    const { repositories, platformFiles: paths } = existing;

    const description = "What Flux applies for the platform on every cluster of the fleet";
    const settings = { spec: spec.platform.repository, description, owned, existing: repositories, state, sshAddress };
    const managed = new ManagedRepository(`${name}-repository`, settings, { parent: this });
    const { repositoryName: repository, cloneUrl, dependencies } = managed;
    const afterRepository = { parent: this, dependsOn: [...dependencies] };
    const found = findRepository(repositories, repositoryName);
    const seed = { files: platformSeed, owner: "git" as const, existing: found && { repository: found.name, paths } };
    const rulesets = spec.platform.repository.protected && owned ? [history] : [];
    const rulesetArgs = { rulesets, repository, repositoryName, toImport: existing.rulesetsToImport, state };
    repositoryRulesets(name, { ...rulesetArgs, deletedWith: managed.resource }, afterRepository);
    const first = filesFirst(spec, platformSeed);
    const seedArgs = { repository, branch, first, ...seed };
    const files = owned ? repositoryFiles(`${name}-seed`, seedArgs, afterRepository) : [];
    this.key = new DeployKey(
      `${name}-key`,
      { repository, repositoryName, cluster: spec.cluster, state },
      afterRepository,
    );

    this.cloneUrl = cloneUrl;
    this.ids = managed.ids;
    // The files of other clusters follow while Flux applies those of this one.
    this.dependencies = [...files.slice(0, first.size), this.key];
    this.registerOutputs({ cloneUrl, keyFingerprint: this.key.fingerprint });
  }
}

/** The files that this cluster needs. All of them, if the files do not say which. */
function filesFirst({ stack, stacks, cluster, platform }: FleetSpec, files: FleetArgs["platformSeed"]) {
  const variables = clusterVariables({ stack, cluster }, platform.variables);
  const needed = filesOfCluster({ files, stack, stacks, variables });
  return new Set(Object.keys(files).filter((file) => needed?.has(file) ?? true));
}

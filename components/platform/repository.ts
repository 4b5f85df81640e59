import * as pulumi from "@pulumi/pulumi";
import { type FleetSpec, hasGitToken } from "../../config/fleet-spec.js";
import { filesOfCluster } from "../../config/platform/checks.js";
import { clusterVariables } from "../../config/stack/cluster-variables.js";
import { PLATFORM_TOKEN } from "../../config/stack/git-tokens.js";
import { findRepository } from "../../lib/github/existing.js";
import { platformComponent } from "../../lib/state/stack-state.js";
import { platformWorkflow } from "../../policies/platform-workflow.js";
import { platformOwners, platformRulesets } from "../../policies/rulesets.js";
import type { FleetArgs } from "../fleet-args.js";
import { codeownersFiles } from "../github/codeowners.js";
import { DeployKey } from "../github/deploy-key.js";
import { type GitCredential, resourcesBehind } from "../github/git-credential.js";
import { ManagedRepository, type RepositoryIds } from "../github/repository.js";
import { repositoryFiles } from "../github/repository-files.js";
import { repositoryRulesets } from "../github/rulesets.js";

/** The setting with the owners, as its CODEOWNERS file names it. */
const ownersSetting = "fleet:platformRepository.owners";

/** The platform repository's args, and the token with which Flux clones it. */
export interface PlatformRepositoryArgs extends Pick<FleetArgs, "spec" | "existing" | "state" | "platformSeed"> {
  /** A secret. Used where `fleet:gitTokens` has one for the platform. */
  readonly token: pulumi.Output<string>;
}

/** The repository that Flux applies for the platform, and this cluster's credential for it: a deploy key, or a token. */
export class PlatformRepository extends pulumi.ComponentResource {
  /** URL that Flux clones from. */
  readonly cloneUrl: pulumi.Output<string>;
  /** Its `ssh://` URL. */
  readonly sshUrl: pulumi.Output<string>;
  readonly credential: GitCredential;
  readonly ids: RepositoryIds;
  /** Resources that must exist before Flux can sync: of the files, those of this cluster. */
  readonly dependencies: readonly pulumi.Resource[];

  constructor(
    name: string,
    { spec, existing, state, platformSeed, token }: PlatformRepositoryArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(platformComponent, name, {}, opts);
    const { name: repositoryName, defaultBranch: branch } = spec.platform.repository;
    const { ownsRepositories: owned, sshAddress } = spec.github;
    const { repositories, platformFiles: paths } = existing;

    const description = "What Flux applies for the platform on every cluster of the fleet";
    const byHttps = hasGitToken(spec, PLATFORM_TOKEN);
    const urls = { sshAddress, byHttps };
    const settings = { spec: spec.platform.repository, description, owned, existing: repositories, state, ...urls };
    const managed = new ManagedRepository(`${name}-repository`, settings, { parent: this });
    const { repositoryName: repository, cloneUrl, dependencies } = managed;
    const afterRepository = { parent: this, dependsOn: [...dependencies] };
    const found = findRepository(repositories, repositoryName);
    const seed = { files: platformSeed, owner: "git" as const, existing: found && { repository: found.name, paths } };
    const declared = owned ? platformRulesets(spec.platform.repository, spec.github.host) : [];
    const rulesetArgs = {
      rulesets: declared,
      branch,
      repository,
      repositoryName,
      toImport: existing.rulesetsToImport,
      state,
    };
    const rulesets = repositoryRulesets(name, { ...rulesetArgs, deletedWith: managed.resource }, afterRepository);
    const first = filesFirst(spec, platformSeed);
    const seedArgs = { repository, branch, first, ...seed };
    const files = owned ? repositoryFiles(`${name}-seed`, seedArgs, afterRepository) : [];
    const lines = owned ? platformOwners(spec.platform.repository) : [];
    // GitHub answers 409 to concurrent commits on one branch. A ruleset from before may not exempt the program yet.
    const afterSeed = { parent: this, dependsOn: [...dependencies, ...rulesets, ...files.slice(-1)] };
    const workflow = owned ? platformWorkflow(spec.platform.repository) : {};
    const kept = { ...codeownersFiles(lines, ownersSetting), ...workflow };
    repositoryFiles(`${name}-file`, { repository, branch, files: kept, owner: "program" }, afterSeed);
    const keyArgs = { repository, repositoryName, cluster: spec.cluster, state };
    this.credential = byHttps
      ? { token, certificates: spec.github.gitCertificates }
      : new DeployKey(`${name}-key`, keyArgs, afterRepository);

    this.cloneUrl = cloneUrl;
    this.sshUrl = managed.sshUrl;
    this.ids = managed.ids;
    // The files of other clusters follow while Flux applies those of this one. All others are listed, although each waits for
    // the one before: with `pulumi up --target`, the engine refuses only what has a new dependency of its own.
    this.dependencies = [...files.slice(0, first.size), ...resourcesBehind(this.credential)];
    this.registerOutputs();
  }
}

/** The files that this cluster needs. All of them, if the files do not say which. */
function filesFirst({ stack, stacks, cluster, platform }: FleetSpec, files: FleetArgs["platformSeed"]) {
  const variables = clusterVariables({ stack, cluster }, platform.variables);
  const needed = filesOfCluster({ files, stack, stacks, variables });
  return new Set(Object.keys(files).filter((file) => needed?.has(file) ?? true));
}

import { definedOnly } from "../lib/data/defined-only.js";
import type { DeepReadonly } from "../lib/data/freeze.js";
import { offeredAddons } from "./addons/offered-addons.js";
import { clusterFolder } from "./platform/checks.js";
import { PLATFORM_TOKEN } from "./stack/git-tokens.js";
import type { StackConfig } from "./stack/schema.js";
import type { TenantSpec } from "./tenant/schema.js";

/** Everything a stack is: plain data that does not change, read once from files, configuration and environment. */
export type FleetSpec = DeepReadonly<ReturnType<typeof fleetSpec>>;

/** The spec of a stack whose files, configuration and environment passed all checks. */
export function fleetSpec(args: {
  readonly stack: string;
  readonly stacks: readonly string[];
  readonly config: StackConfig;
  readonly owner: string;
  readonly host: string;
  readonly tenants: readonly TenantSpec[];
  readonly tenantsElsewhere: readonly TenantSpec[];
  /** Stacks that take pre-releases. @default - none */
  readonly preReleases?: readonly string[];
}) {
  const { stack, stacks, config, owner, host, tenants, tenantsElsewhere, preReleases = [] } = args;
  return {
    stack,
    /** Name of the cluster, in titles of deploy keys. */
    cluster: config.cluster ?? stack,
    /** Every stack that has an overlay folder, sorted. */
    stacks,
    github: gitHubSettings(config, { stack, owner, host }),
    /** Repositories and teams that the stack takes over although its state does not have them. */
    adopt: config.adopt,
    /** GitHub's ids of repositories that the stack uses, where it cannot read the state of the stack that creates them. */
    repositoryIds: config.repositoryIds,
    /** Stacks that are not asked before a repository is archived, each with the reason. */
    unreadableStacks: config.unreadableStacks,
    flux: fluxSettings(config, host),
    platform: platformSettings(config, stack),
    admission: admissionSettings(config),
    promotion: promotionOf(config),
    /** First files of tenants' repositories with charts. */
    scaffold: {
      /** Chart of the first release. @default - none */
      ...definedOnly({ chart: scaffoldChartOf(config) }),
      /** Stacks that take pre-releases of it. */
      preReleases,
    },
    /** Objects that every namespace of every tenant has, by name; of Secrets all but their values. */
    common: {
      configMaps: config.commonConfigMaps,
      secrets: Object.keys(config.commonSecrets),
      pullSecrets: pullSecretsOf(config),
    },
    tenants,
    /**
     * Tenants that only other stacks have, without the settings of those stacks. The stack that creates repositories
     * creates theirs as well. Empty on every other stack.
     */
    tenantsElsewhere: config.repositoryOwner === stack ? tenantsElsewhere : [],
  };
}

function gitHubSettings(
  config: StackConfig,
  { stack, owner, host }: { readonly stack: string; readonly owner: string; readonly host: string },
) {
  const { repositoryOwner } = config;
  return {
    owner,
    /** Host of GitHub's pages and of clones by https, with its port if it is not the usual one: `github.com`. */
    host,
    repositoryOwner,
    ownsRepositories: repositoryOwner === stack,
    /** Host and port of Git's SSH server. @default - those that GitHub's API names */
    ...definedOnly({ sshAddress: config.sshAddress }),
    /** Public SSH host keys, `TYPE BASE64`. @default - those that GitHub's API lists */
    ...definedOnly({ sshHostKeys: config.sshHostKeys.length > 0 ? config.sshHostKeys : undefined }),
    /** Whose repositories Flux clones by HTTPS: the platform's, or those of tenants. @default - none, all by SSH */
    ...definedOnly({ gitTokens: gitTokensOf(config), gitCertificates: config.gitCertificates }),
  };
}

function platformSettings(config: StackConfig, stack: string) {
  return {
    repository: platformRepositoryOf(config),
    path: `./${clusterFolder(stack)}`,
    /** Commit that Flux applies. @default - the head of the default branch */
    ...definedOnly({ commit: config.platformRevision.commit }),
    /** Tag that Flux applies. @default - none */
    ...definedOnly({ tag: config.platformRevision.tag }),
    /** The signatures that Flux demands of the platform's repository. @default - none */
    ...definedOnly({ verify: config.platformRepository.verify }),
    interval: config.platformInterval,
    variables: config.variables,
    exports: config.exports,
    /** Add-ons of the infrastructure for tenants, beside Kubernetes and Flux, sorted by name. */
    addons: offeredAddons(config),
  };
}

/** The owners of tokens, and whether each has a second one that may push. Undefined without any. */
function gitTokensOf({ gitTokens }: StackConfig): Readonly<Record<string, { readonly write: boolean }>> | undefined {
  const named = Object.entries(gitTokens);
  if (named.length === 0) return undefined;
  return Object.fromEntries(named.map(([name, { write }]) => [name, { write: write !== undefined }]));
}

/** Whether Flux clones the repositories of a tenant, or of the platform ({@link PLATFORM_TOKEN}), by HTTPS. */
export function hasGitToken({ github }: Pick<FleetSpec, "github">, name: string): boolean {
  return Object.hasOwn(github.gitTokens ?? {}, name);
}

/** Whether Flux clones any repository of a stack by SSH. */
export function clonesBySsh(spec: Pick<FleetSpec, "github" | "tenants">): boolean {
  return [PLATFORM_TOKEN, ...spec.tenants.map(({ name }) => name)].some((name) => !hasGitToken(spec, name));
}

/** The platform's repository, without the signatures that the clusters demand of it. */
function platformRepositoryOf({ platformRepository: { verify: _verify, ...repository } }: StackConfig) {
  return repository;
}

function scaffoldChartOf({ scaffoldChart: { url, major } }: StackConfig) {
  return url === undefined ? undefined : { url, major };
}

/** The rules by which changes reach the stack (docs/promotion.md). */
function promotionOf(config: StackConfig) {
  const { promotesFrom, promotionNeeds, soak, freezes, longestOverride, promotionOverride } = config;
  const { reason, until, timeZone } = promotionOverride;
  const override = reason === undefined || until === undefined ? undefined : { reason, until, timeZone };
  return {
    /** Stack that must have run each change before. @default - none */
    ...definedOnly({ from: promotesFrom }),
    /** Whether it must have applied the change, or have been Ready with it as well. */
    needs: promotionNeeds,
    /** Time for which it must have run the change. */
    soak,
    /** Times in which no change is applied. */
    freezes,
    /** Longest time before its end at which an override counts. */
    longestOverride,
    /** Consent to changes that would be refused. @default - none */
    ...definedOnly({ override }),
  };
}

function pullSecretsOf({ pullSecrets }: StackConfig) {
  const named = Object.entries(pullSecrets);
  return Object.fromEntries(named.map(([name, { registry, username }]) => [name, { registry, username }]));
}

function fluxSettings(config: StackConfig, host: string) {
  const [, port] = /:(\d+)$/.exec(host) ?? [];
  return {
    version: config.fluxVersion,
    clusterDomain: config.clusterDomain,
    logLevel: config.logLevel,
    extraComponents: config.extraComponents,
    readyTimeout: config.readyTimeout,
    controllers: config.controllers,
    controllerRights: config.controllerRights,
    /** Shards, each with controllers of its own. */
    shards: config.shards,
    ingressNamespaces: config.ingressNamespaces,
    /** Host and port of Git's SSH server, which Flux must reach. @default - port 22 */
    ...definedOnly({ sshAddress: config.sshAddress, webhookUrl: config.webhookUrl }),
    /** Port at which Flux clones by HTTPS. @default - 443 */
    ...definedOnly({ httpsPort: gitTokensOf(config) && port ? Number(port) : undefined }),
  };
}

function admissionSettings(config: StackConfig) {
  return {
    mode: config.admission,
    sourceHosts: config.allowedSourceHosts,
    sourceOwners: config.allowedSourceOwners,
    serviceExposure: config.serviceExposure,
    /** Classes of load balancers that Services may name. */
    loadBalancerClasses: config.loadBalancerClasses,
    images: {
      registries: config.allowedImageRegistries,
      digests: config.imageDigests,
      pullPolicy: config.imagePullPolicy,
    },
    workloadResources: config.workloadResources,
    /** Resources that containers may use besides CPU, memory and disk, with the amount for each namespace. */
    extendedResources: config.extendedResources,
    hosts: config.hosts,
    /** Annotations, of other objects than pods, beside those that are known: keys, or `PREFIX/*`. */
    annotations: config.allowedAnnotations,
    /** Labels beside those that are known: keys, or `PREFIX/*`. */
    labels: config.allowedLabels,
    notificationAddresses: config.notificationAddresses,
    secretAddresses: config.secretAddresses,
    /** Annotations of clouds' identities beside those that are known anyway. */
    identityAnnotations: config.identityAnnotations,
    priorityClasses: config.priorityClasses,
    /** Taints that pods may tolerate, each as `KEY` or `KEY=VALUE`. */
    tolerations: config.tolerations,
    runtimeClasses: config.runtimeClasses,
    /** Annotations and labels that pods may have beside the known annotations: keys, or `PREFIX/*`. */
    podAnnotations: config.podAnnotations,
    /** Drivers of inline CSI volumes. */
    csiDrivers: config.csiDrivers,
    /** Storage classes of claims; none: every class. */
    storageClasses: config.storageClasses,
    volumeAttributesClasses: config.volumeAttributesClasses,
    /** Whether claims may be for a raw device. */
    blockVolumes: config.blockVolumes,
    /** Schedulers of pods beside Kubernetes' own. */
    schedulers: config.schedulers,
    /** Profiles of seccomp and AppArmor on the node that pods may name. */
    localhostProfiles: config.localhostProfiles,
  };
}

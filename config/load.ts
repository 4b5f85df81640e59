import { existsSync } from "node:fs";
import path from "node:path";
import { deepFreeze } from "../lib/data/freeze.js";
import { FleetError, type Problem } from "../lib/diagnostics/problem.js";
import { readFolder } from "./files/read-folder.js";
import { readCatalogue } from "./files/tenant-files.js";
import type { FleetSpec } from "./fleet-spec.js";
import { clusterFolder, platformProblems } from "./platform/checks.js";
import { type Files, SEED_FOLDER } from "./platform/kustomize-build.js";
import { stackName } from "./rules/names.js";
import { clusterVariables } from "./stack/cluster-variables.js";
import { defaultProviderProblems } from "./stack/default-providers.js";
import { type Environment, environmentProblems, gitHubHost, readGitHubOwner } from "./stack/environment.js";
import { readConfig } from "./stack/read-config.js";
import type { StackConfig } from "./stack/schema.js";
import { setSecretCommand } from "./stack/secrets.js";
import { readTenants } from "./tenant/read-tenants.js";
import type { TenantSpec } from "./tenant/schema.js";

/** Where everything that a stack is comes from. */
export interface LoadArgs {
  /** Folder that has `stacks/` and `fleet/`. */
  readonly root: string;
  /** Name of the stack. */
  readonly stack: string;
  /** Configuration of the stack; keys without `fleet:`, values as Pulumi gives them. */
  readonly config: Readonly<Record<string, unknown>>;
  /** `pulumi:disable-default-providers` as Pulumi gives it: a list as JSON; undefined when it is not set. */
  readonly disabledDefaultProviders: string | undefined;
  /** Environment variables: GITHUB_TOKEN, GITHUB_OWNER, GITHUB_BASE_URL, KUBECONFIG. */
  readonly environment: Environment;
  /**
   * Whether the files alone are checked: no credentials, and no GitHub owner, which is then the one in the
   * configuration or empty. @default false
   */
  readonly filesOnly?: boolean;
  /** Problems of what is read elsewhere, to be told together with those found here. @default - none */
  readonly additionalProblems?: readonly Problem[];
}

/**
 * Reads and checks everything that a stack is made of, before any call to a cluster or to GitHub.
 *
 * @returns plain data, frozen all the way down
 * @throws FleetError that lists every problem at once, each with its file and field
 */
export function loadFleetSpec(args: LoadArgs): FleetSpec {
  const { root, stack, environment, filesOnly = false, additionalProblems: elsewhere = [] } = args;
  const name = stackName.check(stack);
  // A name that is not one must not become part of a path.
  if (name) {
    const message = `the stack's name ${name.message}`;
    throw new FleetError([{ file: `Pulumi.${stack}.yaml`, path: "", message, fix: name.fix }, ...elsewhere]);
  }
  const catalogue = readCatalogue(root, stack);
  const read = readConfig({ stack, config: args.config, stacks: catalogue.stacks });
  const { config, problems, variables, ...limits } = read;
  const configured = text(args.config.githubOwner);
  const owner = filesOnly
    ? { owner: configured ?? "", problems: [] }
    : readGitHubOwner({ environment, configured, stackFile: `Pulumi.${stack}.yaml` });
  const members = readTenants({ catalogue, stack, ...limits });
  const cluster = text(args.config.cluster) ?? stack;
  const platform = platformProblems({
    files: readSeed(root),
    stack,
    stacks: catalogue.stacks,
    variables: variables && clusterVariables({ stack, cluster, variables }),
  });

  const all: Problem[] = [
    ...catalogue.problems,
    ...problems,
    ...owner.problems,
    ...(filesOnly ? [] : environmentProblems(environment)),
    ...plainSecrets(args),
    ...defaultProviderProblems(stack, args.disabledDefaultProviders),
    ...members.problems,
    ...platform,
    ...elsewhere,
  ];
  if (all.length > 0 || config === undefined || owner.owner === undefined) throw new FleetError(all);
  return deepFreeze(
    fleetSpec({
      stack,
      stacks: catalogue.stacks,
      config,
      owner: owner.owner,
      host: gitHubHost(environment),
      tenants: members.tenants,
    }),
  );
}

function fleetSpec(parts: {
  readonly stack: string;
  readonly stacks: readonly string[];
  readonly config: StackConfig;
  readonly owner: string;
  readonly host: string;
  readonly tenants: readonly TenantSpec[];
}): FleetSpec {
  const { stack, stacks, config, owner, host, tenants } = parts;
  const { clusterDomain, logLevel, extraComponents, readyTimeout, controllers, controllerRights } = config;
  const { ingressNamespaces, webhookUrl } = config;
  return {
    stack,
    cluster: config.cluster ?? stack,
    stacks,
    github: {
      owner,
      host,
      repositoryOwner: config.repositoryOwner,
      ownsRepositories: config.repositoryOwner === stack,
    },
    flux: {
      version: config.fluxVersion,
      clusterDomain,
      logLevel,
      extraComponents,
      readyTimeout,
      controllers,
      controllerRights,
      ingressNamespaces,
      ...(webhookUrl === undefined ? {} : { webhookUrl }),
    },
    platform: {
      repository: config.platformRepository,
      path: `./${clusterFolder(stack)}`,
      interval: config.platformInterval,
      variables: config.variables,
      exports: config.exports,
      addons: config.offers,
    },
    admission: {
      mode: config.admission,
      sourceHosts: config.allowedSourceHosts,
      sourceOwners: config.allowedSourceOwners,
      serviceExposure: config.serviceExposure,
      images: {
        registries: config.allowedImageRegistries,
        digests: config.imageDigests,
        pullPolicy: config.imagePullPolicy,
      },
      workloadResources: config.workloadResources,
      extendedResources: config.extendedResources,
      hosts: config.hosts,
      notificationAddresses: config.notificationAddresses,
      identityAnnotations: config.identityAnnotations,
      priorityClasses: config.priorityClasses,
    },
    tenants,
  };
}

/**
 * Secrets that stand in the stack's file for everybody to read.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/config.ts the engine's list of keys that were encrypted
 */
function plainSecrets({ stack, config, environment }: LoadArgs): Problem[] {
  const secrets = text(config.secrets);
  const encrypted = environment.PULUMI_CONFIG_SECRET_KEYS;
  if (secrets === undefined || secrets === "{}" || encrypted === undefined) return [];
  if ((JSON.parse(encrypted) as readonly unknown[]).includes("fleet:secrets")) return [];
  const fix = `Take them out, make new ones where they were given away, and set them encrypted: ${setSecretCommand(stack, "TENANT.NAME")}`;
  return [{ file: `Pulumi.${stack}.yaml`, path: "fleet:secrets", message: "is not encrypted", fix }];
}

/** The platform's files; none where there is no folder of them, which is then told of by those that are missing. */
function readSeed(root: string): Files {
  return existsSync(path.join(root, SEED_FOLDER)) ? readFolder(root, SEED_FOLDER) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

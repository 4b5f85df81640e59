import { existsSync } from "node:fs";
import path from "node:path";
import { deepFreeze } from "../lib/data/freeze.js";
import { isPlainObject } from "../lib/data/merge.js";
import { FleetError, type Problem } from "../lib/diagnostics/problem.js";
import { type Locate, tenantLocator } from "./files/location.js";
import { readFolder, strayEntries } from "./files/read-folder.js";
import { readTenantFiles } from "./files/tenant-files.js";
import { type FleetSpec, fleetSpec } from "./fleet-spec.js";
import { chartProblems } from "./platform/chart-problems.js";
import { platformProblems } from "./platform/checks.js";
import { SEED_FOLDER } from "./platform/kustomize-build.js";
import { stackName } from "./rules/names.js";
import { clusterVariables } from "./stack/cluster-variables.js";
import { defaultProviderProblems } from "./stack/default-providers.js";
import { type Environment, environmentProblems, gitHubHost, readGitHubOwner } from "./stack/environment.js";
import { chainProblems } from "./stack/promotion-chain.js";
import { parseJson, readConfig } from "./stack/read-config.js";
import { preReleaseStacks, scaffoldChartProblems } from "./stack/scaffold-chart.js";
import { SECRET_PLACES, setSecretCommand } from "./stack/secrets.js";
import { straySettings } from "./stack/stray-settings.js";
import { automationOnOtherStacks } from "./tenant/image-automation/other-stacks.js";
import { readTenants } from "./tenant/read-tenants.js";

interface LoadArgs {
  /** Folder that has `stacks/` and `fleet/`. */
  readonly root: string;
  /** Folder whose `fleet/` counts. @default - root */
  readonly platformRoot?: string;
  readonly stack: string;
  /** Configuration of the stack; keys without `fleet:`, values as Pulumi gives them. */
  readonly config: Readonly<Record<string, unknown>>;
  /** `pulumi:disable-default-providers` as Pulumi gives it: a list as JSON; undefined when it is not set. */
  readonly disabledDefaultProviders: string | undefined;
  readonly environment: Environment;
  /** Whether credentials are not checked, and the GitHub owner is that of the configuration or empty. @default false */
  readonly filesOnly?: boolean;
  /** Whether the charts of `fleet/` must be pinned. The rules of `fleet diff` name others as well. @default - not `filesOnly` */
  readonly checkCharts?: boolean;
  /** Whether a stack with a predecessor may leave out revisions that it follows, which are about to be written. @default false */
  readonly allowUnpinned?: boolean | undefined;
  /** Problems found elsewhere, to report together with those found here. @default - none */
  readonly additionalProblems?: readonly Problem[];
}

/**
 * Reads and checks everything that a stack is made of, before any call to a cluster or to GitHub.
 * @returns the spec, frozen all the way down, and `locate`, which finds the location of a later problem of a tenant
 * @throws FleetError that lists every problem at once, each with its file and field
 */
export function loadFleetSpec(args: LoadArgs): { readonly spec: FleetSpec; readonly locate: Locate } {
  const { root, stack, environment, allowUnpinned, filesOnly = false, additionalProblems = [] } = args;
  requireStackName(stack, additionalProblems);
  const files = readTenantFiles(root, stack);
  const { stacks } = files;
  const settings = readConfig({ stack, config: args.config, stacks, allowUnpinned });
  const { config } = settings;
  const { owner, problems: ownerProblems } = gitHubOwnerOf(args);
  const { problems: tenantProblems, ...tenants } = readTenants({ files, stack, settings, allowUnpinned });
  const problems: Problem[] = [
    ...files.problems,
    ...settings.problems,
    ...ownerProblems,
    ...(filesOnly ? [] : environmentProblems(environment)),
    ...settingProblems(args, { ...settings, stacks, owner }),
    ...tenantProblems,
    ...automationOnOtherStacks(root, stack, files),
    ...seedProblems(args, { ...settings, stacks }),
    ...additionalProblems,
  ];
  if (problems.length > 0 || config === undefined || owner === undefined) throw new FleetError(problems);
  // Only that stack writes the first files.
  const preReleases = config.repositoryOwner === stack ? preReleaseStacks(root, stacks) : [];
  const spec = fleetSpec({ stack, stacks, config, owner, host: gitHubHost(environment), ...tenants, preReleases });
  return { spec: deepFreeze(spec), locate: tenantLocator(files) };
}

/** A name that is not one must not become part of a path. @throws FleetError with the problems found elsewhere as well */
function requireStackName(stack: string, additionalProblems: readonly Problem[]): void {
  const violation = stackName.check(stack);
  if (violation === undefined) return;
  const message = `the stack's name ${violation.message}`;
  throw new FleetError([{ file: `Pulumi.${stack}.yaml`, path: "", ...violation, message }, ...additionalProblems]);
}

function gitHubOwnerOf({
  stack,
  config,
  environment,
  filesOnly = false,
}: LoadArgs): ReturnType<typeof readGitHubOwner> {
  const configured = text(config.githubOwner);
  if (filesOnly) return { owner: configured ?? "", problems: [] };
  return readGitHubOwner({ environment, configured, stackFile: `Pulumi.${stack}.yaml` });
}

/** The sound settings of a stack, and all stacks. */
type SoundSettings = Pick<ReturnType<typeof readConfig>, "sound"> & { readonly stacks: readonly string[] };

/** The problems of settings that their schema alone does not show. */
function settingProblems(
  args: LoadArgs,
  { sound, stacks, owner }: SoundSettings & { readonly owner: string | undefined },
): Problem[] {
  const { root, stack, environment } = args;
  return [
    ...exposedSecrets(args),
    ...straySettings(root, stack),
    ...scaffoldChartProblems({
      stack,
      chart: sound.scaffoldChart,
      sourceHosts: sound.allowedSourceHosts,
      host: gitHubHost(environment),
      sourceOwners: sound.allowedSourceOwners,
      owner,
    }),
    ...chainProblems({ root, stack, stacks, promotesFrom: sound.promotesFrom }),
    ...defaultProviderProblems(stack, args.disabledDefaultProviders),
  ];
}

/** The problems of `fleet/`, which the platform's repository begins with. */
function seedProblems(
  { root, platformRoot = root, stack, config, filesOnly = false, checkCharts = !filesOnly }: LoadArgs,
  { sound, stacks }: SoundSettings,
): Problem[] {
  const cluster = text(config.cluster) ?? stack;
  const variables = sound.variables && clusterVariables({ stack, cluster }, sound.variables);
  const hasSeed = existsSync(path.join(platformRoot, SEED_FOLDER));
  const files = hasSeed ? readFolder(platformRoot, SEED_FOLDER) : {};
  const platform = { files, stack, stacks, variables };
  return [
    ...(hasSeed ? strayEntries(platformRoot, SEED_FOLDER) : []),
    ...platformProblems(platform),
    ...(checkCharts ? chartProblems({ charts: platform, required: sound.chartDigests === "required" }) : []),
  ];
}

/**
 * Secrets that stand in the stack's file for everybody to read, and the reverse. The engine lists the keys that were
 * encrypted.
 */
function exposedSecrets({ stack, config, environment }: LoadArgs): Problem[] {
  const encrypted = environment.PULUMI_CONFIG_SECRET_KEYS;
  if (encrypted === undefined) return [];
  const keys = JSON.parse(encrypted) as readonly unknown[];
  const file = `Pulumi.${stack}.yaml`;
  const plain = Object.keys(SECRET_PLACES).filter((setting) => {
    const secrets = text(config[setting]);
    return secrets !== undefined && hasSecret(secrets) && !keys.includes(`fleet:${setting}`);
  });
  const readable = ["commonConfigMaps"].filter((setting) => keys.includes(`fleet:${setting}`));
  return [
    ...plain.map((setting) => {
      const command = setSecretCommand(stack, `${setting}.${SECRET_PLACES[setting]}`);
      const fix = `Take them out, make new ones where they were given away, and set them encrypted: ${command}`;
      return { file, path: `fleet:${setting}`, message: "is not encrypted", fix };
    }),
    ...readable.map((setting) => {
      const message = "has an encrypted value, which everybody who reads ConfigMaps of a tenant could read";
      return { file, path: `fleet:${setting}`, message, fix: "Move it to fleet:commonSecrets" };
    }),
  ];
}

/** Whether a setting has any secret. `pulumi config rm --path` of the last one leaves empty maps. */
function hasSecret(secrets: string): boolean {
  const decoded = parseJson(secrets);
  const named = "data" in decoded && isPlainObject(decoded.data) ? Object.values(decoded.data) : [secrets];
  return named.some((values) => !isPlainObject(values) || Object.keys(values).length > 0);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

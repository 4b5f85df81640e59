import { existsSync } from "node:fs";
import path from "node:path";
import { deepFreeze } from "../lib/data/freeze.js";
import { isPlainObject } from "../lib/data/merge.js";
import { FleetError, type Problem } from "../lib/diagnostics/problem.js";
import { type Locate, tenantLocator } from "./files/location.js";
import { readFolder, strayEntries } from "./files/read-folder.js";
import { readTenantFiles } from "./files/tenant-files.js";
import { type FleetSpec, fleetSpec } from "./fleet-spec.js";
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
  const { root, platformRoot = root, stack, environment, filesOnly = false, additionalProblems = [] } = args;
  const stackFile = `Pulumi.${stack}.yaml`;
  const violation = stackName.check(stack);
  // A name that is not one must not become part of a path.
  if (violation) {
    const problem = { file: stackFile, path: "", ...violation, message: `the stack's name ${violation.message}` };
    throw new FleetError([problem, ...additionalProblems]);
  }
  const files = readTenantFiles(root, stack);
  const { stacks } = files;
  const { allowUnpinned } = args;
  const settings = readConfig({ stack, config: args.config, stacks, allowUnpinned });
  const { config, sound } = settings;
  const configured = text(args.config.githubOwner);
  const { owner, problems: ownerProblems } = filesOnly
    ? { owner: configured ?? "", problems: [] }
    : readGitHubOwner({ environment, configured, stackFile });
  const { problems: tenantProblems, ...tenants } = readTenants({ files, stack, settings, allowUnpinned });
  const cluster = text(args.config.cluster) ?? stack;
  const variables = sound.variables && clusterVariables({ stack, cluster }, sound.variables);
  const hasSeed = existsSync(path.join(platformRoot, SEED_FOLDER));
  const seed = hasSeed ? readFolder(platformRoot, SEED_FOLDER) : {};

  const problems: Problem[] = [
    ...files.problems,
    ...settings.problems,
    ...ownerProblems,
    ...(filesOnly ? [] : environmentProblems(environment)),
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
    ...tenantProblems,
    ...automationOnOtherStacks(root, stack, files),
    ...(hasSeed ? strayEntries(platformRoot, SEED_FOLDER) : []),
    ...platformProblems({ files: seed, stack, stacks, variables }),
    ...additionalProblems,
  ];
  if (problems.length > 0 || config === undefined || owner === undefined) throw new FleetError(problems);
  // Only that stack writes the first files.
  const preReleases = config.repositoryOwner === stack ? preReleaseStacks(root, stacks) : [];
  const spec = fleetSpec({ stack, stacks, config, owner, host: gitHubHost(environment), ...tenants, preReleases });
  return { spec: deepFreeze(spec), locate: tenantLocator(files) };
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

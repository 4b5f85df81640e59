import * as pulumi from "@pulumi/pulumi";
import { Fleet, type TenantOutputs } from "./components/fleet.js";
import { tenantLocator } from "./config/files/locate.js";
import { readFolder } from "./config/files/read-folder.js";
import { loadFleetSpec } from "./config/load.js";
import { hardenedFlux } from "./flux/hardened-objects.js";
import { lockProblems } from "./flux/release/lock.js";
import { FleetError } from "./lib/diagnostics/problem.js";
import { runPreflight } from "./preflight/preflight.js";
import type { StackState } from "./preflight/rulesets.js";

/** What `pulumi stack output` tells: the version of Flux, and each tenant's namespace, repository and key. */
interface StackOutputs {
  readonly fluxVersion: string;
  readonly tenants: Readonly<Record<string, TenantOutputs>>;
}

/** Values of `fleet:secrets`, by tenant and name. */
type TenantSecrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Everything is read and checked before the first registration; see docs/architecture.md. */
async function program(): Promise<StackOutputs> {
  const root = import.meta.dirname;
  const config = stackConfig(pulumi.getProject());
  const spec = loadFleetSpec({
    root,
    stack: pulumi.getStack(),
    config,
    disabledDefaultProviders: pulumi.runtime.allConfig()["pulumi:disable-default-providers"],
    environment: process.env,
    additionalProblems: lockProblems(root, config.fluxVersion),
  });
  const fluxObjects = await hardenedFlux({ root, spec, environment: process.env });
  const platformSeed = readFolder(root, "fleet");
  const { repositories, teams, platformFiles, rulesetsToImport } = await runPreflight(spec, {
    environment: process.env,
    platformSeed: Object.keys(platformSeed),
    state: stackState,
    locate: tenantLocator(root, spec.stack),
  });

  // The only way of the values into the program: secret from the first moment, and past everything that could print them.
  const secrets = new pulumi.Config().getSecretObject<TenantSecrets>("secrets")?.apply((all) => all ?? {});
  const fleet = new Fleet("fleet", {
    spec,
    fluxObjects,
    repositories,
    teams,
    rulesetsToImport,
    platformSeed,
    platformFiles,
    ...(secrets === undefined ? {} : { secrets }),
  });
  return { fluxVersion: spec.flux.version, tenants: fleet.tenants };
}

/** The stack's own settings, without the project's name before them. */
function stackConfig(project: string): Record<string, string> {
  const prefix = `${project}:`;
  const all = Object.entries(pulumi.runtime.allConfig());
  return Object.fromEntries(
    all.filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

/**
 * What this stack's own state holds before the update. The engine offers it for any stack that the backend has.
 * @see https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/resource/deploy/builtins.go readStackResourceOutputs
 */
async function stackState(): Promise<StackState> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName });
  return outputs;
}

/** A problem that was foreseen is told by its message alone: a stack trace would only hide it. */
function explain(error: unknown): never {
  throw error instanceof FleetError ? new pulumi.RunError(`\n${error.message}`) : error;
}

const outputs = await program().catch(explain);

export const { fluxVersion, tenants } = outputs;

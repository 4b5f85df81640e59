import * as pulumi from "@pulumi/pulumi";
import { Fleet } from "./components/fleet.js";
import type { SecretValues } from "./components/fleet-args.js";
import { readFolder } from "./config/files/read-folder.js";
import { loadFleetSpec } from "./config/load.js";
import { hardenedFlux } from "./flux/hardened-objects.js";
import { lockProblems } from "./flux/release/lock.js";
import { FleetError, fleetError, messageOf } from "./lib/diagnostics/problem.js";
import type { StackState } from "./lib/state/stack-state.js";
import { runPreflight } from "./preflight/preflight.js";

/**
 * Reads and checks everything before the first registration (docs/architecture.md).
 * @returns the stack's outputs: the version of Flux, each tenant's namespace, repository and deploy key, and GitHub's ids
 *   of the repositories that the stack creates (undefined on other stacks)
 */
async function program() {
  const root = import.meta.dirname;
  const config = stackConfig(pulumi.getProject());
  const { spec, locate } = loadFleetSpec({
    root,
    stack: pulumi.getStack(),
    config,
    disabledDefaultProviders: pulumi.runtime.allConfig()["pulumi:disable-default-providers"],
    environment: process.env,
    additionalProblems: lockProblems(root, config.fluxVersion),
  });
  const fluxObjects = await hardenedFlux(root, spec, process.env.FLEET_MANIFESTS);
  const platformSeed = readFolder(root, "fleet");
  const { removals, drift, ...found } = await runPreflight(spec, {
    environment: process.env,
    platformSeed: Object.keys(platformSeed),
    fluxObjects,
    state: stackState,
    outputs: stackOutputs,
    locate,
  });

  for (const sentence of [...removals, ...drift]) pulumi.log.warn(sentence);
  // The values stay secret outputs: the loader, and so every message, knows their names only.
  const secretsOf = (key: string) => new pulumi.Config().getSecretObject<Record<string, SecretValues> | null>(key);
  const [secrets, commonSecrets, pullSecrets] = ["secrets", "commonSecrets", "pullSecrets"].map(secretsOf);
  const values = { secrets, commonSecrets, pullSecrets };
  const { tenants, repositoryIds } = new Fleet("fleet", { spec, fluxObjects, ...found, platformSeed, ...values });
  return { fluxVersion: spec.flux.version, tenants, repositoryIds };
}

/** The settings of this program, without the prefix of the project. */
function stackConfig(project: string): Record<string, string> {
  const prefix = `${project}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}

/**
 * The state of this stack before the update. The engine can read the state of every stack of the backend.
 * @see https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/resource/deploy/builtins.go readStackResourceOutputs
 */
async function stackState(): Promise<StackState> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const token = "pulumi:pulumi:readStackResourceOutputs";
  const { outputs } = await pulumi.runtime.invoke(token, { stackName }).catch((error: unknown) => {
    const message = `the state of ${stackName} could not be read: ${messageOf(error)}`;
    throw fleetError("environment", "PULUMI_BACKEND_URL", message, "Check the backend and the secrets provider");
  });
  return outputs;
}

/**
 * The outputs of another stack of this program. The engine reads them from the backend of this stack. Another passphrase
 * is no obstacle: a secret output would be left out.
 * @see https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/resource/deploy/builtins.go readStackOutputs
 */
async function stackOutputs(stack: string): Promise<unknown> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
  const { outputs } = await pulumi.runtime
    .invoke("pulumi:pulumi:readStackOutputs", { name })
    .catch((error: unknown) => {
      throw new Error(messageOf(error).replace(/^invocation of \S+ returned an error: /, ""), { cause: error });
    });
  return outputs;
}

/** Rethrows an error. A FleetError becomes a RunError, of which Pulumi prints the message without a stack trace. */
function explain(error: unknown): never {
  throw error instanceof FleetError ? new pulumi.RunError(`\n${error.message}`) : error;
}

/** Called by Pulumi, for the stack's outputs. */
export default () => program().catch(explain);

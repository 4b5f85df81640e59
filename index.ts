import * as pulumi from "@pulumi/pulumi";
import { Fleet } from "./components/fleet.js";
import type { SecretValues } from "./components/fleet-args.js";
import { keepProof } from "./components/promotion/proved.js";
import { recordReady } from "./components/promotion/record-ready.js";
import type { FleetSpec } from "./config/fleet-spec.js";
import { loadFleetSpec } from "./config/load.js";
import { readPlatformSeed } from "./config/platform/seed.js";
import { gitTokenValues } from "./config/stack/git-tokens.js";
import { readLeftOut } from "./config/stack/left-out-tenants.js";
import { readTenantUpdate } from "./config/stack/tenant-update.js";
import { hardenedFlux } from "./flux/hardened-objects.js";
import { lockProblems } from "./flux/release/lock.js";
import { requireResults } from "./lib/diagnostics/collect-problems.js";
import { FleetError, fleetError, messageOf } from "./lib/diagnostics/problem.js";
import { hasApp } from "./lib/github/credentials.js";
import { keyDatesIn } from "./lib/state/key-dates.js";
import { lastUpdate } from "./lib/state/last-update.js";
import { stashedProof } from "./lib/state/proved-stash.js";
import type { StackState } from "./lib/state/stack-state.js";
import { checkExceptions } from "./preflight/exceptions.js";
import { describeFrozenUpgrade } from "./preflight/frozen-upgrade.js";
import { leftOutProblems, withoutLeftOut } from "./preflight/left-out.js";
import { describeMissingStatuses } from "./preflight/missing-statuses.js";
import { type PreflightArgs, runPreflight } from "./preflight/preflight.js";
import { checkPromotion } from "./preflight/promotion.js";
import { readContent } from "./promotion/content.js";
import { readReadyRecord } from "./promotion/ready-record.js";

/**
 * Reads and checks everything before the first registration (docs/architecture.md).
 * @returns the stack's outputs: the version of Flux, each tenant's namespace, repository and deploy key, GitHub's ids of the
 *   repositories that the stack creates (undefined on other stacks), and the content that the stack has run
 */
async function program() {
  const root = import.meta.dirname;
  const ready = readReadyRecord(process.env);
  if (ready !== undefined) return recordReady(ready, await ownState());
  const only = readTenantUpdate(process.env);
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
  const platformSeed = readPlatformSeed(root);
  const before = ownState();
  const { leftOut: stays, ...rest } = await remainderOf(spec, before);
  const read = { fluxObjects, platformSeed, locate, only, state: () => before, tokens: config.gitTokens };
  const { preflight, promotion, exceptions } = await checkUpdate(root, spec, { ...read, rest, leftOut: stays?.names });
  const { removals, drift, belowUse, unread, tokens, leftOut, ...found } = preflight;

  const statuses = describeMissingStatuses(spec, found.state, only);
  for (const sentence of [...unread, ...tokens.notes, ...statuses]) pulumi.log.info(sentence);
  const overridden = [promotion.overridden ?? [], promotion.behind].flat().map(inRed);
  const frozen = only === undefined ? describeFrozenUpgrade(spec, found.formerFlux) : [];
  const ofGate = [...overridden, ...promotion.refusals, ...exceptions, ...frozen];
  const warnings = [...ofGate, ...removals, ...belowUse, ...drift, ...leftOut, ...tokens.warnings];
  for (const sentence of warnings) pulumi.log.warn(sentence);
  // The values stay secret outputs: the loader, and so every message, knows their names only.
  const secretsOf = (key: string) => new pulumi.Config().getSecretObject<Record<string, SecretValues> | null>(key);
  const settings = ["secrets", "commonSecrets", "pullSecrets", "gitTokens"] as const;
  const values = Object.fromEntries(settings.map((key) => [key, secretsOf(key)]));
  const usesApp = hasApp(process.env);
  const former = await before;
  const own = { keyDates: keyDatesIn(former, Date.now()), platformSeed, usesApp };
  const fleet = new Fleet("fleet", { spec: rest.registered, leftOut: stays, fluxObjects, ...found, ...own, ...values });
  const { tenants, repositoryIds, registered, digests } = fleet;
  const stashed = stashedProof(former);
  const proved = keepProof({ before: stashed, next: promotion.next, digests, resources: registered });
  return { fluxVersion: spec.flux.version, tenants, repositoryIds, proved };
}

/**
 * The part of a stack that this update changes. `fleet up --leave-blocked` names tenants that stay as they are.
 * @throws FleetError if they cannot
 */
async function remainderOf(spec: FleetSpec, before: Promise<StackState>) {
  const leftOut = readLeftOut(process.env);
  if (leftOut === undefined) return { spec, registered: spec, state: () => before, leftOut: undefined };
  const state = await before;
  const last = lastUpdate(state);
  const problems = leftOutProblems(spec, state, { leftOut, last });
  if (problems.length > 0) throw new FleetError(problems);
  const { kept, state: remaining, ...remainder } = withoutLeftOut(spec, state, { leftOut, last });
  return { ...remainder, state: async () => remaining, leftOut: { names: leftOut.tenants, kept } };
}

interface UpdateArgs extends Pick<PreflightArgs, "fluxObjects" | "locate" | "only" | "state"> {
  /** The part of the stack that the update changes. */
  readonly rest: {
    readonly spec: FleetSpec;
    readonly registered: FleetSpec;
    readonly state: () => Promise<StackState>;
  };
  /** Tenants that stay as they are. @default - none */
  readonly leftOut: readonly string[] | undefined;
  readonly platformSeed: Readonly<Record<string, string>>;
  /** The setting with the tokens with which Flux clones by HTTPS. */
  readonly tokens: string | undefined;
}

/** Compares the update with the cluster, GitHub, the predecessor and the calendar. @throws FleetError with every refusal */
async function checkUpdate(root: string, spec: FleetSpec, { platformSeed, tokens, rest, ...read }: UpdateArgs) {
  const isPreview = pulumi.runtime.isDryRun();
  return await requireResults({
    preflight: runPreflight(rest.spec, {
      ...read,
      state: rest.state,
      environment: process.env,
      platformSeed: Object.keys(platformSeed),
      outputs: stackOutputs,
      resources: stackResources,
      gitTokens: gitTokenValues(tokens),
    }),
    promotion: checkPromotion(spec, {
      ...read,
      isPreview,
      content: readContent(root, spec),
      registered: rest.registered,
      outputs: stackOutputs,
      now: Date.now,
    }),
    exceptions: checkExceptions(rest.spec, { ...read, isPreview, now: Date.now }),
  });
}

/** A text in red, where the engine prints colors. @see https://github.com/pulumi/pulumi sdk/go/common/diag/colors */
function inRed(text: string): string {
  return `<{%fg 1%}>${text}<{%reset%}>`;
}

/** The settings of this program, without the prefix of the project. */
function stackConfig(project: string): Record<string, string> {
  const prefix = `${project}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}

/** The state of this stack before the update. */
async function ownState(): Promise<StackState> {
  const stack = pulumi.getStack();
  return await stackResources(stack).catch((error: unknown) => {
    const message = `the state of ${fullName(stack)} could not be read: ${messageOf(error)}`;
    throw fleetError("environment", "PULUMI_BACKEND_URL", message, "Check the backend and the secrets provider");
  });
}

function fullName(stack: string): string {
  return `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
}

/**
 * The resources of a stack of this program. The engine can read the state of every stack of the backend.
 * @see https://github.com/pulumi/pulumi/blob/v3.276.0/pkg/resource/deploy/builtins.go readStackResourceOutputs
 */
async function stackResources(stack: string): Promise<StackState> {
  return await read("pulumi:pulumi:readStackResourceOutputs", { stackName: fullName(stack) });
}

/**
 * The outputs of another stack of this program. The engine reads them from the backend of this stack. Another passphrase
 * is no obstacle: a secret output would be left out.
 * @see https://github.com/pulumi/pulumi/blob/v3.276.0/pkg/resource/deploy/builtins.go readStackOutputs
 */
async function stackOutputs(stack: string): Promise<unknown> {
  return await read("pulumi:pulumi:readStackOutputs", { name: fullName(stack) });
}

/** The outputs of a function of the engine. @throws Error with the engine's reason */
async function read(token: string, args: pulumi.Inputs) {
  const { outputs } = await pulumi.runtime.invoke(token, args).catch((error: unknown) => {
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

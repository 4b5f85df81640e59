import type { FleetSpec } from "../../config/fleet-spec.js";
import { hasCredentials, readCredentials } from "../../lib/github/credentials.js";
import { sameName } from "../../lib/github/existing.js";
import { hooksLeftBehind, keysLeftBehind, type LeftBehind } from "../../operate/clean/left-behind.js";
import { registrationsIn } from "../../operate/clean/registrations.js";
import type { ApiClient } from "../cluster/api-client.js";
import { CouldNotLookError } from "../exit-code.js";
import { exportState } from "../export-state.js";
import { explainFailure, undefinedIf } from "../github/refusal.js";
import { requireStackCluster } from "../verify/ask-cluster.js";
import { atCluster, connect } from "../verify/at-cluster.js";
import { type GitHubReader, gitHubReader } from "../verify/read-github.js";
import { readKeysInUse } from "./read-keys-in-use.js";
import { readRegistrations } from "./read-registrations.js";
import { findRunningUpdate } from "./running-update.js";

type Variables = Readonly<Record<string, string | undefined>>;

const dayMs = 86_400_000;

/** The systems that the command uses, for tests. */
export interface CleanSystems {
  readonly environment: Variables;
  /** Logs in to the cluster. @throws FleetError with the problems of the kubeconfig, or of its login plugin */
  readonly connect: (environment: Variables) => Promise<ApiClient>;
  /** Whether an update runs on the stack. Undefined where the backend does not tell. */
  readonly isUpdating: (root: string, stack: string) => Promise<boolean | undefined>;
  readonly exportState: (root: string, stack: string) => Promise<unknown>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The systems of this process. */
export const cleanSystems: CleanSystems = {
  environment: process.env,
  connect,
  isUpdating: findRunningUpdate,
  exportState,
  now: Date.now,
};

/** The arguments of {@link findLeftBehind}. */
export interface CleanArgs {
  readonly root: string;
  readonly stack: string;
  readonly spec: FleetSpec;
  /** Days for which a key or webhook must be unused. */
  readonly unusedDays: number;
}

/** The keys and webhooks that a lost state left behind. */
export interface Found {
  readonly leftBehind: readonly LeftBehind[];
  /** Names of archived repositories, whose keys were not read. */
  readonly archived: readonly string[];
  /** Names of repositories of the stack's files that GitHub does not show. */
  readonly unseen: readonly string[];
  /** Days that were applied. A backend that hides its locks needs one at least. */
  readonly unusedDays: number;
}

/** The client of GitHub for a stack. @throws CouldNotLookError without credentials or owner, and for two owners */
export function readerOf(spec: FleetSpec, environment: Variables): GitHubReader {
  const { problems } = readCredentials(environment);
  if (problems.length > 0) throw new CouldNotLookError(problems);
  const owner = spec.github.owner || environment.GITHUB_OWNER || "";
  // A fleet of the other organisation may have a cluster of the same name, and so keys of the same titles.
  if (!sameName(owner, environment.GITHUB_OWNER || owner)) {
    const message = `differs from fleet:githubOwner in Pulumi.${spec.stack}.yaml, which is ${owner}`;
    throw new CouldNotLookError([{ file: "environment", path: "GITHUB_OWNER", message, fix: "Unset one of the two" }]);
  }
  const missing = hasCredentials(environment) ? (owner ? undefined : "GITHUB_OWNER") : "GITHUB_TOKEN";
  if (missing === undefined) return gitHubReader(owner, environment);
  const fix = "Set the environment variable";
  throw new CouldNotLookError([{ file: "environment", path: missing, message: "is not set", fix }]);
}

/**
 * Finds the deploy keys and webhooks on GitHub that have the name of a stack's cluster, and that neither its state nor the
 * cluster knows. It only reads.
 *
 * GitHub is read first. A key of an update that runs at that time is either in the state or in a Secret afterwards, or the
 * update has its lock still.
 * @throws CouldNotLookError while an update runs, for another cluster, and without an answer
 */
export async function findLeftBehind(args: CleanArgs, reader: GitHubReader, use: CleanSystems): Promise<Found> {
  const { root, stack, spec } = args;
  return await atCluster(
    () => use.connect(use.environment),
    async (client) => {
      await requireStackCluster(client, stack);
      const { webhookUrl } = spec.flux;
      const tenants = spec.tenants.flatMap(({ repositories }) => repositories.map(({ name }) => name));
      const names = [spec.platform.repository.name, ...tenants];
      const onGitHub = await readRegistrations(reader, { names, withHooks: webhookUrl !== undefined });
      const seesLocks = await requireNoUpdate(args, use);
      const state = registrationsIn(await use.exportState(root, stack));
      const inUse = await readKeysInUse(client);
      const unusedDays = seesLocks ? args.unusedDays : Math.max(1, args.unusedDays);
      const facts = {
        cluster: spec.cluster,
        webhookUrl,
        state,
        ...inUse,
        unusedMs: unusedDays * dayMs,
        now: use.now(),
      };
      const leftBehind = [...keysLeftBehind(onGitHub.keys, facts), ...hooksLeftBehind(onGitHub.hooks, facts)];
      const { archived, unseen } = onGitHub;
      return { leftBehind, archived, unseen, unusedDays };
    },
  );
}

/**
 * Makes sure that no update runs on a stack.
 * @returns whether the backend tells
 * @throws CouldNotLookError while one runs, and after one was killed
 */
export async function requireNoUpdate(
  { root, stack }: Pick<CleanArgs, "root" | "stack">,
  use: CleanSystems,
): Promise<boolean> {
  const isUpdating = await use.isUpdating(root, stack);
  if (isUpdating !== true) return isUpdating === false;
  const message = "an update runs on the stack, or was killed and left its lock: its new keys look as if left behind";
  const fix = `Wait for its end. After a killed one, run pulumi cancel --stack ${stack}, and then pulumi up`;
  throw new CouldNotLookError([{ file: `stack ${stack}`, path: "", message, fix }]);
}

/** Removes a deploy key or webhook. One that is gone already is no error. @throws FleetError with GitHub's answer */
export async function removeLeftBehind({ client, owner }: GitHubReader, one: LeftBehind): Promise<void> {
  const place = { owner, repo: one.repository };
  const permission = one.kind === "deploy key" ? "Administration: write" : "Webhooks: write";
  const purpose = { action: `remove the ${one.kind} ${one.title} of ${owner}/${one.repository}`, permission };
  const removed =
    one.kind === "deploy key"
      ? client.request("DELETE /repos/{owner}/{repo}/keys/{key_id}", { ...place, key_id: one.id })
      : client.request("DELETE /repos/{owner}/{repo}/hooks/{hook_id}", { ...place, hook_id: one.id });
  await removed.catch(undefinedIf(404)).catch((error: unknown) => {
    throw explainFailure(error, purpose);
  });
}

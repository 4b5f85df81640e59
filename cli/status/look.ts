import { setImmediate as nextTurn } from "node:timers/promises";
import { z } from "zod";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { messageOf } from "../../lib/diagnostics/problem.js";
import type { Wait } from "../../lib/time/waits.js";
import { type ObservedCluster, type ObservedKind, observedKinds } from "../../operate/status/observed-cluster.js";
import { type ClusterStatus, clusterStatus } from "../../operate/status/stack-status.js";
import type { ClusterLimits } from "../cluster/api-client.js";
import { ClusterError, unknownForm } from "../cluster/cluster-error.js";
import { loadStack } from "../load-stack.js";
import { type Behind, branchKey, commitsBehind } from "./commits-behind.js";
import { type FoundCluster, findClusters } from "./find-clusters.js";
import { readStatusObjects } from "./read-cluster.js";

/** A look at one stack. */
export interface StackLook {
  readonly stack: string;
  /** Context of KUBECONFIG. @default - none leads to the stack's cluster */
  readonly context?: string;
  /** URL of the API server. @default - none */
  readonly server?: string;
  /** Why the look is incomplete. Empty when it is complete. */
  readonly problems: readonly string[];
  /** @default - the files of the stack could not be read */
  readonly spec?: FleetSpec;
  /** @default - the cluster could not be read */
  readonly status?: ClusterStatus;
  /** Number of requests to the API server. */
  readonly requests: number;
}

/** A look at stacks, with what GitHub knows of their branches. */
export interface FleetLook {
  readonly stacks: readonly StackLook[];
  /** By {@link branchKey}. */
  readonly behind: ReadonlyMap<string, Behind>;
}

/** The arguments of {@link lookAtFleet}. */
export interface LookArgs {
  readonly root: string;
  readonly stacks: readonly string[];
  /** Contexts by stack, where a person chose them. */
  readonly chosen: ReadonlyMap<string, string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limits: ClusterLimits;
  /** Time of the look, in milliseconds since 1970. */
  readonly now: number;
  /** Begins the wait for GitHub. */
  readonly waitForGitHub: () => Wait;
  /** Called when the files are loaded. @default - nothing depends on it */
  readonly onLoaded?: () => void;
  /** The answers of GitHub to an earlier look. @default - GitHub is asked */
  readonly behind?: ReadonlyMap<string, Behind> | undefined;
}

/**
 * Looks at the clusters of stacks, at all of them at once.
 * @throws CouldNotLookError with the problems of KUBECONFIG
 */
export async function lookAtFleet({ root, stacks, behind, ...args }: LookArgs): Promise<FleetLook> {
  // To load the files occupies this process. So plugins log in meanwhile, and requests wait: no answer comes unheard.
  const loading = nextTurn()
    .then(() => Promise.all(stacks.map((stack) => loadSpec(root, stack))))
    .finally(args.onLoaded);
  const [specs, clusters] = await Promise.all([
    loading,
    findClusters({ stacks, ...args, read: readStatusObjects, ready: loading }),
  ]);
  const looks = await Promise.all(
    specs.map(({ stack, ...loaded }) => {
      return lookAtStack(stack, { ...loaded, now: args.now }, clusters.get(stack) ?? { problem: "" });
    }),
  );
  const followed = looks.flatMap(({ status }) =>
    (status?.tenants ?? []).flatMap(({ syncs }) => syncs.flatMap(({ follows }) => follows ?? [])),
  );
  return { stacks: looks, behind: behind ?? (await commitsBehind(followed, args.environment, args.waitForGitHub())) };
}

interface LoadedSpec {
  readonly spec?: FleetSpec | undefined;
  readonly problem?: string;
}

/** The files of a stack. A stack with faulty files does not hide the others. */
async function loadSpec(root: string, stack: string): Promise<LoadedSpec & { readonly stack: string }> {
  try {
    const { spec, problems } = await loadStack(root, stack, { allowUnpinned: true });
    if (spec !== undefined && problems.length === 0) return { stack, spec };
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const encrypted = "encrypted settings hide its tenants";
    return { stack, problem: problems.length === 0 ? encrypted : `its files have ${count}: npx fleet check ${stack}` };
  } catch (error) {
    return { stack, problem: `its files cannot be read: ${messageOf(error)}` };
  }
}

async function lookAtStack(
  stack: string,
  { spec, problem, now }: LoadedSpec & Pick<LookArgs, "now">,
  found: FoundCluster<ObservedCluster>,
): Promise<StackLook> {
  const loading = problem === undefined ? [] : [problem];
  if ("problem" in found) return { stack, problems: [...loading, found.problem], requests: 0 };
  const { client } = found;
  const { context, server } = client;
  try {
    if (spec === undefined) return { stack, context, server, problems: loading, requests: client.requests() };
    const observed = await found.read;
    const problems = [
      ...new Set(observedKinds.flatMap((kind) => (isNeeded(kind) ? (observed.unread[kind] ?? []) : []))),
    ];
    const status = clusterStatus(spec, observed, now);
    return { stack, context, server, problems, spec, status, requests: client.requests() };
  } catch (error) {
    if (!(error instanceof ClusterError || error instanceof z.ZodError)) throw error;
    const reason = error instanceof z.ZodError ? unknownForm(error) : error.message;
    return { stack, context, server, problems: [reason], requests: client.requests() };
  } finally {
    client.end();
  }
}

/** An account that only looks need not have the right to list Secrets. The age of keys is unknown then. */
function isNeeded(kind: ObservedKind): boolean {
  return kind !== "secrets";
}

import { z } from "zod";
import { readContexts } from "../../config/stack/kubeconfig/connection.js";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import { FLUX_NAMESPACE, STACK_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { onOneLine } from "../../review/document/plain-characters.js";
import { type ApiClient, type ClusterLimits, get } from "../cluster/api-client.js";
import { ClusterError, foreignAnswer } from "../cluster/cluster-error.js";
import { connectTo, kubeconfigList } from "../cluster/connect.js";
import { CouldNotLookError } from "../exit-code.js";
import { StackReaders } from "./stack-readers.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** The cluster of a stack with what was read of it, or why there is none. */
export type FoundCluster<Read> = FoundRead<Read> | { readonly problem: string };

interface FoundRead<Read> {
  readonly client: ApiClient;
  /** The objects that were read. */
  readonly read: Promise<Read>;
}

/** The arguments of {@link findClusters}. */
export interface FindClustersArgs<Read> {
  readonly stacks: readonly string[];
  /** Contexts by stack, where a person chose them. */
  readonly chosen: ReadonlyMap<string, string>;
  readonly environment: Environment;
  readonly limits: ClusterLimits;
  /** Reads the cluster of a stack. */
  readonly read: (client: ApiClient) => Promise<Read>;
  /** Requests begin after it. Logins do not wait for it. @default - at once */
  readonly ready?: Promise<unknown>;
  /** Logs in to the cluster of a context. @default - as KUBECONFIG says */
  readonly connect?: (context: string) => Promise<ApiClient>;
}

/** The cluster that a context leads to, with the stack that it belongs to, or why it is unknown. */
type Seen<Read> = SeenCluster<Read> | { readonly context: string; readonly problem: string };

interface SeenCluster<Read> {
  readonly context: string;
  readonly client: ApiClient;
  readonly stack: string | undefined;
  /** The result of its read. @default - it is no cluster of a wanted stack, or another context leads to that stack */
  readonly read?: Promise<Read> | undefined;
}

/**
 * The clusters of stacks, and what was read of them. The namespace of Flux names the stack of a cluster, so every context
 * of KUBECONFIG is asked once, all at the same time, and each cluster is read as soon as it has answered. Where contexts are
 * chosen for all stacks, no other is asked.
 * @throws CouldNotLookError with the problems of KUBECONFIG, or for a context that it lacks
 */
export async function findClusters<Read>(
  args: FindClustersArgs<Read>,
): Promise<ReadonlyMap<string, FoundCluster<Read>>> {
  const { stacks, chosen, environment, limits } = args;
  const { names, current, problems, connectionOf } = readContexts(kubeconfigList(environment));
  if (problems.length > 0) throw new CouldNotLookError(problems);
  for (const context of chosen.values()) requireContext(context, names);
  const isComplete = stacks.every((stack) => chosen.has(stack));
  const asked = isComplete ? [...new Set(chosen.values())] : names;
  const connect = async (context: string) => {
    const read = connectionOf(context, environment.PATH ?? "");
    return await connectTo(read, { context, environment, limits });
  };
  const inOrder = [...asked].sort((a, b) => Number(b === current) - Number(a === current));
  const readers = new StackReaders(inOrder, args);
  const seen = await Promise.all(inOrder.map((context) => look(context, { connect, ...args, readers })));
  const found = new Map(stacks.map((stack) => [stack, clusterOf(stack, chosen.get(stack), seen)] as const));
  const used = new Set([...found.values()].map((one) => ("client" in one ? one.client : undefined)));
  for (const one of seen) if ("client" in one && !used.has(one.client)) one.client.end();
  return found;
}

/** @throws CouldNotLookError with suggestions, for a context that KUBECONFIG lacks */
export function requireContext(context: string, names: readonly string[]): void {
  if (names.includes(context)) return;
  const remedy = didYouMean(nearMatches(context, names), `kubectl config get-contexts lists them`);
  const message = `has no context ${JSON.stringify(context)}`;
  throw new CouldNotLookError([{ file: "environment", path: "KUBECONFIG", message, fix: remedy }]);
}

const namespace = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }),
});

type LookArgs<Read> = Required<Pick<FindClustersArgs<Read>, "connect">> &
  Pick<FindClustersArgs<Read>, "ready"> & { readonly readers: StackReaders<Read> };

async function look<Read>(context: string, { connect, ready, readers }: LookArgs<Read>): Promise<Seen<Read>> {
  let client: ApiClient | undefined;
  try {
    client = await connect(context);
    await ready;
    const found = namespace.parse(await get(client, `/api/v1/namespaces/${FLUX_NAMESPACE}`));
    const stack = found.metadata.labels[STACK_LABEL];
    return { context, client, stack, read: stack === undefined ? undefined : readers.begin(stack, client) };
  } catch (error) {
    // A cluster without Flux is no stack's.
    if (client !== undefined && error instanceof ClusterError && error.status === 404) {
      return { context, client, stack: undefined };
    }
    client?.end();
    return { context, problem: problemOf(error) };
  }
}

/** @throws any error that is no answer of a cluster, and no fault of a kubeconfig */
function problemOf(error: unknown): string {
  if (error instanceof z.ZodError) return foreignAnswer;
  if (error instanceof FleetError) return onOneLine(error.message);
  if (!(error instanceof ClusterError)) throw error;
  if (error.status !== 403) return error.message;
  return `its account may not get the namespace ${FLUX_NAMESPACE} (kubectl auth can-i get namespace/${FLUX_NAMESPACE})`;
}

function clusterOf<Read>(stack: string, chosen: string | undefined, seen: readonly Seen<Read>[]): FoundCluster<Read> {
  if (chosen !== undefined)
    return chosenCluster(
      stack,
      seen.find(({ context }) => context === chosen),
    );
  const own = seen.find((one): one is SeenCluster<Read> => "client" in one && one.stack === stack);
  if (own?.read !== undefined) return { client: own.client, read: own.read };
  const silent = seen.flatMap((one) => ("problem" in one ? [`${one.context}: ${one.problem}`] : []));
  const none = "no context of KUBECONFIG leads to its cluster";
  return { problem: silent.length === 0 ? none : `${none} (${silent.join("; ")})` };
}

function chosenCluster<Read>(stack: string, seen: Seen<Read> | undefined): FoundCluster<Read> {
  if (seen === undefined || "problem" in seen) return { problem: seen?.problem ?? "the context was not asked" };
  if (seen.read !== undefined && seen.stack === stack) return { client: seen.client, read: seen.read };
  const owner = seen.stack === undefined ? "no stack" : `the stack ${seen.stack}`;
  return { problem: `the context ${seen.context} leads to a cluster of ${owner}` };
}

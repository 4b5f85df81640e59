import { z } from "zod";
import { readContexts } from "../../config/stack/kubeconfig/connection.js";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import { FLUX_NAMESPACE, STACK_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { onOneLine } from "../../review/document/plain-characters.js";
import { type ApiClient, type ClusterLimits, get } from "../cluster/api-client.js";
import { ClusterError, foreignAnswer } from "../cluster/cluster-error.js";
import { connectContext, kubeconfigList } from "../cluster/connect.js";
import { CouldNotLookError } from "../exit-code.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** The cluster of a stack, or why there is none. */
export type FoundCluster = { readonly client: ApiClient } | { readonly problem: string };

/** The arguments of {@link findClusters}. */
export interface FindClustersArgs {
  readonly stacks: readonly string[];
  /** Contexts by stack, where a person chose them. */
  readonly chosen: ReadonlyMap<string, string>;
  readonly environment: Environment;
  readonly limits: ClusterLimits;
}

/** The cluster that a context leads to, with the stack that it belongs to, or why it is unknown. */
type Seen =
  | { readonly context: string; readonly client: ApiClient; readonly stack: string | undefined }
  | { readonly context: string; readonly problem: string };

/**
 * The clusters of stacks. The namespace of Flux names the stack of a cluster, so every context of KUBECONFIG is asked once,
 * all at the same time. Where contexts are chosen for all stacks, no other is asked.
 * @throws CouldNotLookError with the problems of KUBECONFIG, or for a context that it lacks
 */
export async function findClusters(args: FindClustersArgs): Promise<ReadonlyMap<string, FoundCluster>> {
  const { stacks, chosen, environment } = args;
  const { names, current, problems } = readContexts(kubeconfigList(environment));
  if (problems.length > 0) throw new CouldNotLookError(problems);
  for (const context of chosen.values()) requireContext(context, names);
  const isComplete = stacks.every((stack) => chosen.has(stack));
  const asked = isComplete ? [...new Set(chosen.values())] : names;
  const seen = await Promise.all(asked.map((context) => look(context, args)));
  const ordered = [...seen].sort((a, b) => Number(b.context === current) - Number(a.context === current));
  const found = new Map(stacks.map((stack) => [stack, clusterOf(stack, chosen.get(stack), ordered)] as const));
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

async function look(context: string, { environment, limits }: FindClustersArgs): Promise<Seen> {
  let client: ApiClient | undefined;
  try {
    client = await connectContext(context, environment, limits);
    const found = namespace.parse(await get(client, `/api/v1/namespaces/${FLUX_NAMESPACE}`));
    return { context, client, stack: found.metadata.labels[STACK_LABEL] };
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

function clusterOf(stack: string, chosen: string | undefined, seen: readonly Seen[]): FoundCluster {
  if (chosen !== undefined)
    return chosenCluster(
      stack,
      seen.find(({ context }) => context === chosen),
    );
  const own = seen.find((one) => "client" in one && one.stack === stack);
  if (own !== undefined && "client" in own) return { client: own.client };
  const silent = seen.flatMap((one) => ("problem" in one ? [`${one.context}: ${one.problem}`] : []));
  const none = "no context of KUBECONFIG leads to its cluster";
  return { problem: silent.length === 0 ? none : `${none} (${silent.join("; ")})` };
}

function chosenCluster(stack: string, seen: Seen | undefined): FoundCluster {
  if (seen === undefined || "problem" in seen) return { problem: seen?.problem ?? "the context was not asked" };
  if (seen.stack === stack) return { client: seen.client };
  const owner = seen.stack === undefined ? "no stack" : `the stack ${seen.stack}`;
  return { problem: `the context ${seen.context} leads to a cluster of ${owner}` };
}

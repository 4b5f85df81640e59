import { z } from "zod";
import { readContexts } from "../../config/stack/kubeconfig/connection.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import { FLUX_NAMESPACE, STACK_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import type { ServerTime } from "../../operate/doctor/judge-clock.js";
import type { ClusterFacts } from "../../operate/doctor/judge-cluster.js";
import { onOneLine } from "../../review/document/plain-characters.js";
import { type ApiClient, type ClusterLimits, get } from "../cluster/api-client.js";
import { ClusterError, foreignAnswer } from "../cluster/cluster-error.js";
import { connectContext, kubeconfigList } from "../cluster/connect.js";
import type { RunTool } from "./read-tools.js";

/** The cluster of the current context, or why KUBECONFIG leads to none. */
export type ClusterRead = { readonly facts: ClusterFacts; readonly time?: ServerTime } | { readonly reason: string };

/** The arguments of {@link readCurrentCluster}. */
export interface ReadClusterArgs {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limits: ClusterLimits;
  readonly run: RunTool;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
}

const version = z.object({ gitVersion: z.string() });
const namespace = z.object({ metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }) });

/** Reads the cluster that `pulumi up` would change: that of the current context. */
export async function readCurrentCluster(args: ReadClusterArgs): Promise<ClusterRead> {
  const { current, problems } = readContexts(kubeconfigList(args.environment));
  if (problems.length > 0) return { reason: onOneLine(new FleetError(problems).message) };
  if (current === undefined) return { reason: "KUBECONFIG has no current context" };
  let client: ApiClient | undefined;
  try {
    client = await connectContext(current, args.environment, args.limits);
    return await readFacts(client, args);
  } catch (error) {
    if (error instanceof FleetError) return { reason: onOneLine(error.message) };
    const isForeign = error instanceof z.ZodError;
    if (!(isForeign || error instanceof ClusterError) || client === undefined) throw error;
    const reason = isForeign ? foreignAnswer : error.message;
    const unknown = { stack: undefined, hasFlux: false, mayDoAll: undefined };
    return { facts: { context: current, server: client.server, answer: { reason }, ...unknown } };
  } finally {
    client?.end();
  }
}

async function readFacts(client: ApiClient, { run, now }: ReadClusterArgs): Promise<ClusterRead> {
  const { context, server } = client;
  const { status, body, date } = await client.send({ path: "/version" });
  const time = { date, now: now() };
  if (status !== 200) throw new ClusterError(`HTTP status ${status}`, status);
  const { gitVersion } = version.parse(body);
  const flux = await get(client, `/api/v1/namespaces/${FLUX_NAMESPACE}`).catch((error: unknown) => {
    if (error instanceof ClusterError && error.status === 404) return undefined;
    throw error;
  });
  const stack = flux === undefined ? undefined : namespace.parse(flux).metadata.labels[STACK_LABEL];
  const asked = await run("kubectl", ["--context", context, "auth", "can-i", "*", "*", "--all-namespaces"]);
  const [answer = ""] = asked.stdout.trim().split("\n").slice(-1);
  const mayDoAll = answer === "yes" || answer === "no" ? answer === "yes" : undefined;
  const facts = { context, server, answer: { version: gitVersion }, stack, hasFlux: flux !== undefined, mayDoAll };
  return { facts, time };
}

import { z } from "zod";
import { readContexts } from "../../config/stack/kubeconfig/connection.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import { auditCluster } from "../../operate/audit/audit-cluster.js";
import type { ApiClient, ClusterLimits } from "../cluster/api-client.js";
import { connectContext, kubeconfigList } from "../cluster/connect.js";
import { CouldNotLookError } from "../exit-code.js";
import { requireContext } from "../status/find-clusters.js";
import type { AuditLook } from "./output.js";
import { readAuditedCluster } from "./read-cluster.js";

/** The arguments of {@link lookAtContext}. */
export interface LookAtContextArgs {
  readonly context: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limits: ClusterLimits;
}

/**
 * Audits the cluster of a context.
 * @throws CouldNotLookError with the problems of KUBECONFIG, or for a context that it lacks
 */
export async function lookAtContext({ context, environment, limits }: LookAtContextArgs): Promise<AuditLook> {
  const { names, problems } = readContexts(kubeconfigList(environment));
  if (problems.length > 0) throw new CouldNotLookError(problems);
  requireContext(context, names);
  const client = await connect(context, environment, limits);
  try {
    return await look(client);
  } finally {
    client.end();
  }
}

async function connect(
  context: string,
  environment: LookAtContextArgs["environment"],
  limits: ClusterLimits,
): Promise<ApiClient> {
  try {
    return await connectContext(context, environment, limits);
  } catch (error) {
    if (error instanceof FleetError) throw new CouldNotLookError(error.problems, error);
    throw error;
  }
}

async function look(client: ApiClient): Promise<AuditLook> {
  const { context, server } = client;
  const { cluster, problems } = await readAuditedCluster(client);
  const found = { context, server, requests: client.requests() };
  try {
    const { controllers, findings } = auditCluster(cluster);
    const none = "it runs no controller of Flux";
    return { ...found, problems: problems.length + controllers === 0 ? [none] : problems, findings };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const path = error.issues[0]?.path.join(".") ?? "";
    const unknown = `an object has a form that this version does not know: ${path}`;
    return { ...found, problems: [...problems, unknown], findings: [] };
  }
}

import { readContexts } from "../../config/stack/kubeconfig/connection.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import { CouldNotLookError } from "../exit-code.js";
import { requireContext } from "../status/find-clusters.js";
import type { ApiClient, ClusterLimits } from "./api-client.js";
import { connectContext, kubeconfigList } from "./connect.js";

/** The arguments of {@link connectNamed}. */
export interface ConnectNamedArgs {
  readonly context: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limits: ClusterLimits;
}

/**
 * Logs in to the cluster of a context that a person named. It sends no request yet.
 * @throws CouldNotLookError with the problems of KUBECONFIG, or for a context that it lacks
 */
export async function connectNamed({ context, environment, limits }: ConnectNamedArgs): Promise<ApiClient> {
  const { names, problems } = readContexts(kubeconfigList(environment));
  if (problems.length > 0) throw new CouldNotLookError(problems);
  requireContext(context, names);
  try {
    return await connectContext(context, environment, limits);
  } catch (error) {
    if (error instanceof FleetError) throw new CouldNotLookError(error.problems, error);
    throw error;
  }
}

import type { ApiClient } from "../cluster/api-client.js";
import { ClusterError } from "../cluster/cluster-error.js";
import { unreachable } from "../verify/cluster-refusal.js";

/**
 * Works with a client, and ends it.
 * @throws CouldNotLookError when the cluster does not answer, or refuses the credentials
 */
export async function inReach<Result>(client: ApiClient, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ClusterError ? unreachable(client.server, error) : error;
  } finally {
    client.end();
  }
}

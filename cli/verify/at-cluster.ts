import { z } from "zod";
import { FleetError } from "../../lib/diagnostics/problem.js";
import type { ApiClient } from "../cluster/api-client.js";
import { ClusterError, unknownForm } from "../cluster/cluster-error.js";
import { connectContext, connectCurrent } from "../cluster/connect.js";
import { CouldNotLookError } from "../exit-code.js";
import { unreachable } from "./cluster-refusal.js";

type Variables = Readonly<Record<string, string | undefined>>;

/** A verification has thirteen requests for each namespace. An API server with its defaults serves hundreds at a time. */
const limits = { answerMs: 30_000, loginMs: 60_000, most: 16 };

/**
 * Logs in to the cluster of a context.
 * @param context of KUBECONFIG @default - the current one
 * @throws FleetError with the problems of the kubeconfig, or of its login plugin
 */
export async function connect(environment: Variables, context?: string): Promise<ApiClient> {
  return await (context === undefined
    ? connectCurrent(environment, limits)
    : connectContext(context, environment, limits));
}

/**
 * Reads a cluster, and ends the connections.
 * @throws CouldNotLookError without a login or an answer, or for an object of an unknown form, beside the errors of the reader
 */
export async function atCluster<Result>(
  login: () => Promise<ApiClient>,
  read: (client: ApiClient) => Promise<Result>,
): Promise<Result> {
  const client = await login().catch((error: unknown) => {
    throw error instanceof FleetError ? new CouldNotLookError(error.problems, error) : error;
  });
  try {
    return await read(client);
  } catch (error) {
    if (error instanceof ClusterError) throw unreachable(client.server, error);
    if (!(error instanceof z.ZodError)) throw error;
    throw new CouldNotLookError([{ file: client.server, path: "", message: unknownForm(error) }]);
  } finally {
    client.end();
  }
}

import { z } from "zod";
import type { Environment } from "../config/stack/environment.js";
import { readConnection } from "../config/stack/kubeconfig/connection.js";
import { FleetError, fleetError, messageOf } from "../lib/diagnostics/problem.js";
import { type ApiServer, apiServerOf, get, podsApiServer } from "./api-server.js";
import { runPlugin } from "./exec-credential.js";

/** A namespace that exists before the update. */
export interface ExistingNamespace {
  readonly labels: Readonly<Record<string, string>>;
  /** Whether it is being deleted. Nothing can be created in it. */
  readonly terminating: boolean;
}

/** Existing namespaces by their name. */
export type Namespaces = ReadonlyMap<string, ExistingNamespace>;

/** Milliseconds for the list of namespaces, and for the plugin that logs in. A login may ask another server. */
const defaultLimits = { answerMs: 30_000, loginMs: 60_000 };

const namespaceList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        name: z.string(),
        labels: z.record(z.string(), z.string()).default({}),
        deletionTimestamp: z.string().optional(),
      }),
    }),
  ),
});

/**
 * The namespaces of the cluster in KUBECONFIG, listed with one request. Server-side apply adopts existing ones.
 * @throws FleetError with the problems of the kubeconfig, or with the cluster's address and the reason
 */
export async function listNamespaces(
  environment: Environment = process.env,
  limits: typeof defaultLimits = defaultLimits,
): Promise<Namespaces> {
  const server = await apiServer(environment, limits.loginMs);
  const signal = AbortSignal.timeout(limits.answerMs);
  try {
    const { items } = namespaceList.parse(await get(server, "/api/v1/namespaces", signal));
    return new Map(
      items.map(({ metadata: { name, labels, deletionTimestamp } }) => {
        return [name, { labels, terminating: deletionTimestamp !== undefined }];
      }),
    );
  } catch (error) {
    const reason = signal.aborted ? `there was no complete answer within ${limits.answerMs / 1000} s` : reasonOf(error);
    const message = `the cluster at ${server.url} did not list its namespaces: ${reason}`;
    const fix =
      "Check the file, its current context, the network, and that its user may list namespaces: kubectl get namespaces";
    throw fleetError("environment", "KUBECONFIG", message, fix);
  }
}

/** The first line. An answer that is no list of namespaces is not repeated: it may contain secrets. */
function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    return "the answer is not that of a Kubernetes API server";
  }
  return messageOf(error).split("\n", 1)[0] ?? "";
}

/** The environment's checks allow nothing but the pod's own account without KUBECONFIG. */
async function apiServer(environment: Environment, loginMs: number): Promise<ApiServer> {
  const list = environment.KUBECONFIG ?? "";
  if (list.trim() === "") return podsApiServer(environment);
  const read = readConnection(list, environment.PATH ?? "");
  if ("problems" in read) throw new FleetError(read.problems);
  const login = await runPlugin(read.connection, environment, loginMs);
  return apiServerOf(read.connection, login, environment);
}

import { homedir } from "node:os";
import { join } from "node:path";
import { readConnection } from "../../config/stack/kubeconfig/connection.js";
import { FleetError, messageOf } from "../../lib/diagnostics/problem.js";
import { apiServerOf, get, type Representation, StatusError } from "../../preflight/api-server.js";
import { runPlugin } from "../../preflight/exec-credential.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** The limits of all requests to one cluster. */
export interface ClusterLimits {
  /** Milliseconds for each answer. */
  readonly answerMs: number;
  /** Milliseconds for the login by a kubeconfig's plugin. */
  readonly loginMs: number;
}

/** A client of the cluster that one context leads to. */
export interface ContextClient {
  readonly context: string;
  /** URL of the API server. */
  readonly server: string;
  /** The answer to a GET request. @throws ClusterError */
  get(path: string, representation?: Representation): Promise<unknown>;
  /** The server's time, as an answer to an unprivileged request has it. Undefined without. @throws ClusterError */
  date(): Promise<string | undefined>;
  /** Number of requests so far. */
  requests(): number;
  /** Ends the connections, and what still runs on them. */
  end(): void;
}

/** A cluster did not answer a request, or refused it. The message says why, in a clause. */
export class ClusterError extends Error {
  override readonly name = "ClusterError";

  /** @param status of the answer. Undefined for no answer */
  constructor(
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}

/** The files that KUBECONFIG lists, or the one that kubectl takes without it. */
export function kubeconfigList({ KUBECONFIG: list = "", HOME: home = homedir() }: Environment): string {
  return list.trim() === "" ? join(home, ".kube", "config") : list;
}

/**
 * Logs in to the cluster of a context. It sends no request yet.
 * @throws FleetError with the problems of the kubeconfig, or of its login plugin
 */
export async function connectContext(
  context: string,
  environment: Environment,
  { answerMs, loginMs }: ClusterLimits,
): Promise<ContextClient> {
  const read = readConnection(kubeconfigList(environment), environment.PATH ?? "", context);
  if ("problems" in read) throw new FleetError(read.problems);
  const login = await runPlugin(read.connection, environment, loginMs);
  const server = apiServerOf(read.connection, login, environment);
  let requests = 0;
  return {
    context,
    server: server.url,
    async get(path, representation) {
      requests += 1;
      const signal = AbortSignal.timeout(answerMs);
      try {
        return await get(server, path, signal, representation);
      } catch (error) {
        throw clusterError(error, signal.aborted ? answerMs : undefined);
      }
    },
    async date() {
      requests += 1;
      const signal = AbortSignal.timeout(answerMs);
      try {
        return (await server.connections.get(`${server.url}/version`, server.headers, signal)).date;
      } catch (error) {
        throw clusterError(error, signal.aborted ? answerMs : undefined);
      }
    },
    requests: () => requests,
    end: () => server.connections.end(),
  };
}

/** An answer that is no JSON is not repeated: it may contain secrets. */
function clusterError(error: unknown, waited: number | undefined): ClusterError {
  if (waited !== undefined) return new ClusterError(`there was no complete answer within ${waited / 1000} s`);
  if (error instanceof SyntaxError) return new ClusterError("the answer is not that of a Kubernetes API server");
  if (!(error instanceof StatusError)) return new ClusterError(messageOf(error).split("\n", 1)[0] ?? "");
  if (error.status === 401) {
    return new ClusterError(
      "it refused the credentials (HTTP status 401): they may have expired, so log in again",
      401,
    );
  }
  return new ClusterError(error.message, error.status);
}

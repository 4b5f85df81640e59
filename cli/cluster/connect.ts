import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { proxyProblems } from "../../config/stack/environment.js";
import {
  type ConnectionOptions,
  type ReadConnection,
  readConnection,
} from "../../config/stack/kubeconfig/connection.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import { beginWait } from "../../lib/time/waits.js";
import { apiServerOf, POD_ACCOUNT, podsApiServer } from "../../preflight/api-server.js";
import { runPlugin } from "../../preflight/exec-credential.js";
import { type ApiClient, apiClient, type ClusterLimits, mostAtATime } from "./api-client.js";

type Environment = Readonly<Record<string, string | undefined>>;

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
  limits: ClusterLimits,
): Promise<ApiClient> {
  return await connect({ contextName: context }, environment, limits);
}

/**
 * Logs in to the cluster of the current context, or of the pod that this runs in where there is no kubeconfig. It sends no
 * request yet.
 * @param podAccount folder of the pod's account
 * @throws FleetError with the problems of the kubeconfig, or of its login plugin
 */
export async function connectCurrent(
  environment: Environment,
  limits: ClusterLimits,
  podAccount = POD_ACCOUNT,
): Promise<ApiClient> {
  const isUnset = (environment.KUBECONFIG ?? "").trim() === "";
  if (isUnset && !existsSync(kubeconfigList(environment)) && existsSync(join(podAccount, "token"))) {
    requireProxy(environment);
    // Kubernetes writes a new token into the folder before the old one expires.
    const login = async () => podsApiServer(environment, podAccount, limits.most ?? mostAtATime);
    return await apiClient({ context: "", login, canRenew: true, limits });
  }
  return await connect({ mayBePipe: true }, environment, limits);
}

async function connect(
  options: ConnectionOptions,
  environment: Environment,
  limits: ClusterLimits,
): Promise<ApiClient> {
  const read = readConnection(kubeconfigList(environment), environment.PATH ?? "", options);
  return await connectTo(read, { context: options.contextName ?? "", environment, limits });
}

/** The arguments of {@link connectTo}. */
export interface ConnectArgs {
  /** Name of the context. */
  readonly context: string;
  readonly environment: Environment;
  readonly limits: ClusterLimits;
}

/**
 * Logs in to the cluster of a connection. It sends no request yet.
 * @throws FleetError with the problems of the kubeconfig, of its login plugin or of the proxy
 */
export async function connectTo(
  read: ReadConnection,
  { context, environment, limits }: ConnectArgs,
): Promise<ApiClient> {
  if ("problems" in read) throw new FleetError(read.problems);
  requireProxy(environment);
  const { connection } = read;
  const { loginMs, begin = beginWait } = limits;
  const login = async () => {
    const printed = await runPlugin(connection, environment, () => begin(loginMs));
    return apiServerOf(connection, printed, environment, limits.most ?? mostAtATime);
  };
  const canRenew = connection.credentials.exec !== undefined;
  return await apiClient({ context, login, canRenew, limits });
}

/** @throws FleetError for a variable that names a proxy and is no URL */
function requireProxy(environment: Environment): void {
  const problems = proxyProblems(environment);
  if (problems.length > 0) throw new FleetError(problems);
}

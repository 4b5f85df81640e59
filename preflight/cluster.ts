import { CoreV1Api, createConfiguration, KubeConfig, ServerConfiguration } from "@kubernetes/client-node";
import type { Environment } from "../config/stack/environment.js";
import { type ClusterConnection, readConnection } from "../config/stack/kubeconfig/connection.js";
import { definedOnly } from "../lib/data/defined-only.js";
import { FleetError, fleetError, messageOf } from "../lib/diagnostics/problem.js";
import { proxyFor } from "../lib/network/proxy.js";
import { type PluginCredential, runPlugin } from "./exec-credential.js";

/** Labels of existing namespaces by their name. */
export type Namespaces = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Milliseconds for the list of namespaces, and for the plugin that logs in. A login may ask another server. */
const defaultLimits = { answerMs: 30_000, loginMs: 60_000 };

/**
 * The namespaces of the cluster in KUBECONFIG, listed with one request. Server-side apply adopts existing ones.
 * @throws FleetError with the problems of the kubeconfig, or with the cluster's address and the reason
 */
export async function listNamespaces(
  environment: Environment = process.env,
  limits: typeof defaultLimits = defaultLimits,
): Promise<Namespaces> {
  const config = await kubeConfig(environment, limits.loginMs);
  const server = config.getCurrentCluster()?.server ?? "";
  const signal = AbortSignal.timeout(limits.answerMs);
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    authMethods: { default: config },
    promiseMiddleware: [
      {
        pre: async (context) => {
          context.setSignal(signal);
          return context;
        },
        post: async (context) => context,
      },
    ],
  });
  try {
    const { items } = await new CoreV1Api(configuration).listNamespace();
    return new Map(items.map(({ metadata }) => [metadata?.name ?? "", metadata?.labels ?? {}]));
  } catch (error) {
    const reason = signal.aborted ? `there was no complete answer within ${limits.answerMs / 1000} s` : reasonOf(error);
    const message = `the cluster at ${server} did not list its namespaces: ${reason}`;
    const fix = "Check the file, its current context, the network, and that its user may list namespaces";
    throw fleetError("environment", "KUBECONFIG", message, fix);
  }
}

/** The first line: the others are headers and the answer, which may contain secrets. So may errors of the JSON parser. */
function reasonOf(error: unknown): string {
  if (error instanceof TypeError || error instanceof SyntaxError)
    return "the answer is not that of a Kubernetes API server";
  return messageOf(error).split("\n", 1)[0] ?? "";
}

/** The client's configuration. It gets values that are read and checked, so it opens no file. */
async function kubeConfig(environment: Environment, loginMs: number): Promise<KubeConfig> {
  const list = environment.KUBECONFIG ?? "";
  if (list.trim() === "") return podsOwnConfig(environment);
  const read = readConnection(list, environment.PATH ?? "");
  if ("problems" in read) throw new FleetError(read.problems);
  const login = await runPlugin(read.connection, environment, loginMs);
  const config = new KubeConfig();
  config.loadFromClusterAndUser(clusterOf(read.connection, environment), userOf(read.connection, login));
  return config;
}

/** The account of the pod that this runs in. The environment's checks allow nothing else without KUBECONFIG. */
function podsOwnConfig(environment: Environment): KubeConfig {
  const config = new KubeConfig();
  config.loadFromCluster();
  const cluster = config.getCurrentCluster();
  const proxyUrl = cluster ? proxyFor(cluster.server, environment) : undefined;
  if (cluster && proxyUrl !== undefined) config.clusters = [{ ...cluster, proxyUrl }];
  return config;
}

/** The provider uses the proxy of the kubeconfig, or that of the environment. */
function clusterOf({ server, cluster, authority }: ClusterConnection, environment: Environment) {
  return definedOnly({
    name: "cluster",
    server,
    caData: authority?.toString("base64"),
    // The library takes http, which is allowed to this machine alone, for a connection that skips TLS.
    skipTLSVerify: cluster["insecure-skip-tls-verify"] === true || server.startsWith("http:"),
    tlsServerName: cluster["tls-server-name"] ?? undefined,
    proxyUrl: cluster["proxy-url"] || proxyFor(server, environment),
  });
}

function userOf({ user, credentials }: ClusterConnection, login: PluginCredential) {
  const base64 = (pem: Buffer | string | undefined) => pem && Buffer.from(pem).toString("base64");
  return definedOnly({
    name: "user",
    certData: base64(login.clientCertificateData ?? credentials.certificate),
    keyData: base64(login.clientKeyData ?? credentials.key),
    token: login.token ?? credentials.token,
    username: user.username ?? undefined,
    password: user.password ?? undefined,
    impersonateUser: user.as ?? undefined,
    authProvider: user["auth-provider"] ?? undefined,
  });
}

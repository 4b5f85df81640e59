import { KubeConfig } from "@kubernetes/client-node";
import { Agent } from "undici";

/** Connections of each floor, and so requests on their way at once. */
export const concurrency = 20;

/** An API server, and connections to it that stay open. */
export interface ApiConnection {
  readonly url: string;
  readonly agent: Agent;
}

/**
 * The API server of a kubeconfig.
 * @param kubeconfig path of an administrator's, with a client certificate
 * @param options of the connections. @default - as many as a floor has
 */
export function apiConnection(
  kubeconfig: string,
  options: Agent.Options = { connections: concurrency },
): ApiConnection {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()];
  if (cluster === null || user === null) throw new Error(`${kubeconfig} names no current cluster and user.`);
  const connect = { ca: text(cluster.caData), cert: text(user.certData), key: text(user.keyData) };
  return { url: cluster.server, agent: new Agent({ ...options, connect }) };
}

function text(base64: string | undefined): string {
  return Buffer.from(base64 ?? "", "base64").toString("utf8");
}

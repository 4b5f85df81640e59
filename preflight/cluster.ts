import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { fleetError, messageOf } from "../lib/diagnostics/problem.js";

/** Labels of existing namespaces by their name. */
export type Namespaces = ReadonlyMap<string, Readonly<Record<string, string>>>;

/**
 * The namespaces of the cluster in KUBECONFIG, listed with one request. Server-side apply adopts existing ones.
 * @throws FleetError with the cluster's address and the reason
 */
export async function listNamespaces(): Promise<Namespaces> {
  const config = new KubeConfig();
  config.loadFromDefault();
  const server = config.getCurrentCluster()?.server ?? "no cluster in the kubeconfig";
  try {
    const { items } = await config.makeApiClient(CoreV1Api).listNamespace();
    return new Map(items.map(({ metadata }) => [metadata?.name ?? "", metadata?.labels ?? {}]));
  } catch (error) {
    // The other lines of the message are headers, which may contain secrets.
    const [reason] = messageOf(error).split("\n", 1);
    const message = `the cluster at ${server} did not list its namespaces: ${reason}`;
    const fix = "Check the file, its current context, and that its user may list namespaces";
    throw fleetError("environment", "KUBECONFIG", message, fix);
  }
}

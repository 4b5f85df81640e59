import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { fleetError, messageOf } from "../../lib/diagnostics/problem.js";
import { STACK_LABEL } from "../../lib/kubernetes/ownership-labels.js";

/**
 * The cluster that KUBECONFIG leads to, if it is that of a stack.
 * @param namespace one that the stack has on its cluster
 * @throws FleetError when the cluster cannot be read, or is another stack's
 */
export async function clusterOf(stack: string, namespace: string): Promise<KubeConfig> {
  const config = new KubeConfig();
  config.loadFromDefault();
  const unusable = (reason: string) => {
    const message = `does not lead to the namespace ${namespace} of the stack ${stack}: ${reason}`;
    return fleetError("environment", "KUBECONFIG", message, `Point it at the cluster of ${stack}`);
  };
  const found = await config
    .makeApiClient(CoreV1Api)
    .readNamespace({ name: namespace })
    .catch((error: unknown) => {
      const [line = ""] = messageOf(error).split("\n", 1);
      throw unusable(line);
    });
  const label = found.metadata?.labels?.[STACK_LABEL];
  if (label === stack) return config;
  throw unusable(`it belongs to ${label === undefined ? "no stack" : `the stack ${label}`}`);
}

import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { messageOf } from "../../lib/diagnostics/problem.js";
import { STACK_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { CouldNotLookError } from "../exit-code.js";

/**
 * The cluster that KUBECONFIG leads to, if it is that of a stack.
 * @param namespace one that the stack has on its cluster
 * @throws CouldNotLookError when the cluster cannot be read, or is another stack's
 */
export async function clusterOf(stack: string, namespace: string): Promise<KubeConfig> {
  const unusable = (reason: string) => {
    const message = `does not lead to the namespace ${namespace} of the stack ${stack}: ${reason}`;
    const fix = `Point it at the cluster of ${stack}`;
    return new CouldNotLookError([{ file: "environment", path: "KUBECONFIG", message, fix }]);
  };
  const config = new KubeConfig();
  const read = async () => {
    config.loadFromDefault();
    return await config.makeApiClient(CoreV1Api).readNamespace({ name: namespace });
  };
  const found = await read().catch((error: unknown) => {
    const [line = ""] = messageOf(error).split("\n", 1);
    throw unusable(line);
  });
  const label = found.metadata?.labels?.[STACK_LABEL];
  if (label === stack) return config;
  throw unusable(`it belongs to ${label === undefined ? "no stack" : `the stack ${label}`}`);
}

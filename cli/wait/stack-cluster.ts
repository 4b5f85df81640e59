import { z } from "zod";
import { FleetError } from "../../lib/diagnostics/problem.js";
import { STACK_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { type ApiClient, get } from "../cluster/api-client.js";
import { ClusterError } from "../cluster/cluster-error.js";
import { connectCurrent } from "../cluster/connect.js";
import { CouldNotLookError } from "../exit-code.js";

const labelled = z.object({ metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }) });

/** Milliseconds for the login, and for each answer. */
const limits = { answerMs: 30_000, loginMs: 60_000 };

/**
 * A client of the cluster that KUBECONFIG leads to, if it is that of a stack.
 * @param namespace one that the stack has on its cluster
 * @throws CouldNotLookError when the cluster cannot be read, or is another stack's
 */
export async function clusterOf(
  stack: string,
  namespace: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ApiClient> {
  const unusable = (reason: string) => {
    const message = `does not lead to the namespace ${namespace} of the stack ${stack}: ${reason}`;
    const fix = `Point it at the cluster of ${stack}`;
    return new CouldNotLookError([{ file: "environment", path: "KUBECONFIG", message, fix }]);
  };
  const client = await connectCurrent(environment, limits).catch((error: unknown) => {
    throw error instanceof FleetError ? unusable(error.problems.map(({ message }) => message).join("; ")) : error;
  });
  const found = await get(client, `/api/v1/namespaces/${namespace}`, "PartialObjectMetadata").catch(
    (error: unknown) => {
      throw error instanceof ClusterError ? unusable(error.message) : error;
    },
  );
  const parsed = labelled.safeParse(found);
  if (!parsed.success) throw unusable("it answered in another form than a Kubernetes API server");
  const label = parsed.data.metadata.labels[STACK_LABEL];
  if (label === stack) return client;
  throw unusable(`it belongs to ${label === undefined ? "no stack" : `the stack ${label}`}`);
}

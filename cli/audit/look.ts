import { z } from "zod";
import { auditCluster } from "../../operate/audit/audit-cluster.js";
import type { ApiClient } from "../cluster/api-client.js";
import { unknownForm } from "../cluster/cluster-error.js";
import { type ConnectNamedArgs, connectNamed } from "../cluster/connect-named.js";
import type { AuditLook } from "./output.js";
import { readAuditedCluster } from "./read-cluster.js";

/**
 * Audits the cluster of a context.
 * @throws CouldNotLookError with the problems of KUBECONFIG, or for a context that it lacks
 */
export async function lookAtContext(args: ConnectNamedArgs): Promise<AuditLook> {
  const client = await connectNamed(args);
  try {
    return await look(client);
  } finally {
    client.end();
  }
}

async function look(client: ApiClient): Promise<AuditLook> {
  const { context, server } = client;
  const { cluster, problems } = await readAuditedCluster(client);
  const found = { context, server, requests: client.requests() };
  try {
    const { controllers, findings } = auditCluster(cluster);
    const none = "it runs no controller of Flux";
    return { ...found, problems: problems.length + controllers === 0 ? [none] : problems, findings };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    return { ...found, problems: [...problems, unknownForm(error)], findings: [] };
  }
}

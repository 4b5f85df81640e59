import { CoreV1Api, CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import type { TenantSpec } from "../../config/tenant/schema.js";
import { fleetError, messageOf } from "../../lib/diagnostics/problem.js";
import { STACK_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { readTenantSync } from "../start/tenant-syncs.js";

/**
 * The revision of a tenant's primary sync on the cluster of a stack, where it is Ready: `main@sha1:…`.
 * @throws FleetError when the sync is not Ready, in Flux's words, or the cluster is another stack's
 */
export type ReadyRevision = (stack: string, tenant: TenantSpec) => Promise<string>;

/** Reads it from the cluster that KUBECONFIG leads to. */
export const readReadyRevision: ReadyRevision = async (stack, tenant) => {
  const { name } = tenant;
  const [{ name: namespace }] = tenant.namespaces;
  const config = new KubeConfig();
  config.loadFromDefault();
  const unreadable = (error: unknown) => {
    const message = `does not lead to the namespace ${namespace} of the stack ${stack}: ${messageOf(error)}`;
    return fleetError("environment", "KUBECONFIG", message, `Point it at the cluster of ${stack}`);
  };
  const found = await config
    .makeApiClient(CoreV1Api)
    .readNamespace({ name: namespace })
    .catch((error: unknown) => {
      throw unreadable(error);
    });
  const label = found.metadata?.labels?.[STACK_LABEL];
  if (label !== stack) throw unreadable(`it belongs to ${label === undefined ? "no stack" : `the stack ${label}`}`);
  const api = config.makeApiClient(CustomObjectsApi);
  const { ready, revision, notReady } = await readTenantSync(api, { name, namespace, repository: "" });
  if (ready && revision !== undefined) return revision;
  const message = `is not Ready on the stack ${stack}: ${notReady.join("; ") || "nothing is applied yet"}`;
  throw fleetError(`stacks/${stack}/tenants/${name}.yaml`, "sync", message, "Correct it there first");
};

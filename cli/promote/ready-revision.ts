import { CustomObjectsApi } from "@kubernetes/client-node";
import type { TenantSpec } from "../../config/tenant/schema.js";
import { fleetError } from "../../lib/diagnostics/problem.js";
import { readTenantSync } from "../start/tenant-syncs.js";
import { clusterOf } from "./stack-cluster.js";

/**
 * The revision of a tenant's primary sync on the cluster of a stack, where it is Ready: `main@sha1:…`.
 * @throws FleetError when the sync is not Ready, in Flux's words, or the cluster is another stack's
 */
export type ReadyRevision = (stack: string, tenant: TenantSpec) => Promise<string>;

/** Reads it from the cluster that KUBECONFIG leads to. */
export const readReadyRevision: ReadyRevision = async (stack, tenant) => {
  const { name } = tenant;
  const [{ name: namespace }] = tenant.namespaces;
  const api = (await clusterOf(stack, namespace)).makeApiClient(CustomObjectsApi);
  const { ready, revision, notReady } = await readTenantSync(api, { name, namespace, repository: "" });
  if (ready && revision !== undefined) return revision;
  const message = `is not Ready on the stack ${stack}: ${notReady.join("; ") || "nothing is applied yet"}`;
  throw fleetError(`stacks/${stack}/tenants/${name}.yaml`, "sync", message, "Correct it there first");
};

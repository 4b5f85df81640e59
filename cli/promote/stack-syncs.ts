import { CustomObjectsApi } from "@kubernetes/client-node";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { PLATFORM_SOURCE } from "../../config/names.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { readTenantSync, type TenantSync } from "../start/tenant-syncs.js";
import { clusterOf } from "./stack-cluster.js";

/** Looks at the syncs of a stack: that of the platform, and the primary one of each tenant. */
export type LookAtSyncs = () => Promise<readonly TenantSync[]>;

/** Connects to the cluster of a stack. @throws FleetError when KUBECONFIG leads elsewhere */
export type ConnectToSyncs = (spec: FleetSpec) => Promise<LookAtSyncs>;

/**
 * Connects to the cluster that KUBECONFIG leads to. The platform's sync is Ready only when the controllers work, and when
 * everything of the infrastructure is Ready.
 */
export const connectToSyncs: ConnectToSyncs = async ({ stack, tenants }) => {
  const api = (await clusterOf(stack, FLUX_NAMESPACE)).makeApiClient(CustomObjectsApi);
  const platform = { name: PLATFORM_SOURCE, namespace: FLUX_NAMESPACE, repository: "" };
  const ofTenants = tenants.map(({ name, namespaces: [{ name: namespace }] }) => ({ name, namespace, repository: "" }));
  return () => Promise.all([platform, ...ofTenants].map((one) => readTenantSync(api, one)));
};

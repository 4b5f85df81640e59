import { findDrift } from "../../../preflight/drift.js";
import { type clusterState, clusterWith, type onCluster, type TestObject } from "./cluster.js";

/** The quota of a tenant. */
export const quota = (pods = "50", annotations = {}): TestObject => ({
  type: "core/v1:ResourceQuota",
  name: "tenant",
  namespace: "team-a",
  annotations: { "pulumi.com/patchForce": "true", ...annotations },
  spec: { hard: { pods } },
});
/** The field of its pods, as a client of the API server owns it. */
export const pods = { "f:spec": { "f:hard": { "f:pods": {} } } };
/** The entry of a client that changed it. */
export const kubectl = { manager: "kubectl-patch", fieldsV1: pods };
/** The drift between the state and objects of the cluster. */
export const drift = (state: ReturnType<typeof clusterState>, ...objects: readonly ReturnType<typeof onCluster>[]) =>
  findDrift(state, clusterWith(...objects), new Set());

import type { PolicyRule } from "./reconciler.js";

/** Name of the ClusterRole that says what a tenant with progressive delivery may make beside the rest. */
export const canaryRole = "fleet-tenant-canaries";

/**
 * Flagger's kinds: a canary that names a workload of the namespace, what to measure, and whom to tell.
 *
 * What comes of them, primary workloads and routes, Flagger makes under its own name, in the canary's namespace.
 * @see https://docs.flagger.app/usage/how-it-works
 */
export const canaryRules: readonly PolicyRule[] = [
  {
    apiGroups: ["flagger.app"],
    resources: ["canaries", "metrictemplates", "alertproviders"],
    verbs: ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"],
  },
];

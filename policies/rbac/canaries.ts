import { kinds } from "../kinds.js";
import { allVerbs, type PolicyRule } from "./reconciler.js";

/** Name of the additional ClusterRole of tenants with progressive delivery. */
export const canaryRole = "fleet-tenant-canaries";

/**
 * The rules on Flagger's kinds: canaries of a workload in the namespace, with their metrics and alerts. Flagger creates
 * the primary workloads and routes under its own name, in the canary's namespace.
 * @see https://docs.flagger.app/usage/how-it-works
 */
export const canaryRules: readonly PolicyRule[] = [
  { ...kinds("flagger.app", "canaries", "metrictemplates", "alertproviders"), verbs: allVerbs },
];

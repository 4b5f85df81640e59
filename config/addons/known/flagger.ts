import { type KnownAddon, kindsOf } from "../addon.js";

/**
 * Flagger's kinds: canaries of a workload in the namespace, with their metrics and alerts. Flagger creates the primary
 * workloads and routes under its own name, in the canary's namespace. The policy `fleet-canaries` has its rules. Names
 * on the cluster are older than add-ons, and stay.
 * @see https://docs.flagger.app/usage/how-it-works
 */
export const flagger: KnownAddon = {
  name: "flagger",
  role: "fleet-tenant-canaries",
  binding: "canaries",
  purpose: "progressive delivery: a new version gets more traffic step by step, as long as its metrics are good",
  kinds: kindsOf(
    "flagger.app",
    "v1beta1",
    { kind: "Canary", plural: "canaries" },
    { kind: "MetricTemplate", plural: "metrictemplates" },
    { kind: "AlertProvider", plural: "alertproviders" },
  ),
  sharedKinds: [],
};

import type { StackPlan } from "../../../review/planned-resource.js";
import { FakeCluster } from "./fake-cluster.js";

/** Namespaces and names of the syncs of the fixtures' stack `staging`. */
export const fixtureSyncs = [
  ["flux-system", "platform"],
  ["payments", "team-payments"],
  ["team-search", "team-search"],
] as const;

/** The cluster of the fixtures' stack `staging`, in memory, with every sync Ready. */
export function fixtureCluster(plan: StackPlan): FakeCluster {
  const cluster = new FakeCluster(plan);
  for (const [kind, status] of [
    ["GitRepository", { artifact: { revision: "main@sha1:1" } }],
    ["Kustomization", { lastAppliedRevision: "main@sha1:1" }],
  ] as const) {
    for (const [namespace, name] of fixtureSyncs) {
      const ready = { conditions: [{ type: "Ready", status: "True" }] };
      Object.assign(cluster.get(kind, name, namespace), { status: { ...ready, ...status } });
    }
  }
  return cluster;
}

import { FluxObjects, isReady } from "../../support/e2e/flux-objects.js";
import type { KubernetesClients } from "../../support/e2e/kubernetes-clients.js";

/** Tenants of the fixtures and their namespaces. */
export const tenants = [
  { name: "team-payments", namespace: "payments" },
  { name: "team-search", namespace: "team-search" },
] as const;

/** Repositories that a cluster reads. */
export const clusterRepositories = ["platform", ...tenants.map(({ name }) => name)];

/**
 * Waits until the source and the sync of each tenant are Ready.
 * @param who tenants. @default those of the fixtures
 */
export async function tenantsReady(
  kubernetes: KubernetesClients,
  who: readonly { readonly name: string; readonly namespace: string }[] = tenants,
): Promise<void> {
  const flux = new FluxObjects(kubernetes);
  for (const reference of who) {
    await flux.waitFor({ kind: "GitRepository", ...reference }, isReady);
    await flux.waitFor({ kind: "Kustomization", ...reference }, isReady);
  }
}

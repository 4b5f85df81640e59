import type * as pulumi from "@pulumi/pulumi";
import type { TenantSpec } from "../../stacks/schema.js";
import { reconciler } from "./identity.js";

/**
 * The tenant's root Kustomization.
 *
 * It acts as the tenant's own service account, so that the API server refuses what the tenant may not do, and puts
 * every namespaced object into the tenant's namespace whatever the file says. `wait` makes its Ready mean that the
 * workloads run, not only that they were sent.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#role-based-access-control
 */
export function tenantKustomization(args: {
  readonly tenant: TenantSpec;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespace: pulumi.Input<string>;
}) {
  const { tenant, labels, namespace } = args;
  return {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: tenant.name, namespace, labels },
    spec: {
      sourceRef: { kind: "GitRepository", name: tenant.name },
      path: tenant.sync.path,
      serviceAccountName: reconciler,
      targetNamespace: namespace,
      prune: true,
      wait: true,
      interval: tenant.sync.interval,
      retryInterval: tenant.sync.retryInterval,
      timeout: tenant.sync.timeout,
      suspend: tenant.sync.suspend,
    },
  };
}

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { fluxQuotaHard } from "../../../policies/quotas.js";
import { labelsOf, mustGet, type RegisteredParts } from "../registered-parts.js";
import type { RegisteredSync } from "../sync/git-syncs.js";
import { platformObjectName } from "./tenant-namespace.js";

/** Resources of Flux's own kinds. */
export interface FluxResources {
  /** Resources that belong to one namespace. */
  readonly syncs: readonly RegisteredSync[];
  /** Resources of any of the tenant's namespaces. */
  readonly others: readonly pulumi.Resource[];
}

/** Registers the quotas of Flux's own kinds, one in each namespace, after everything that they count. */
export function registerFluxQuotas(
  parts: RegisteredParts,
  { syncs, others }: FluxResources,
  { parent }: { readonly parent: pulumi.Resource },
): void {
  const labels = labelsOf(parts);
  for (const { resourceName, namespace } of parts.resources.namespaces) {
    const counted = syncs.filter((one) => one.namespace === namespace.name).map(({ sync }) => sync);
    const { namespace: name } = mustGet(parts.namespaces, namespace.name);
    new k8s.core.v1.ResourceQuota(
      `${resourceName}-quota-flux`,
      {
        metadata: { name: `${platformObjectName}-flux`, namespace: name, labels },
        spec: { hard: fluxQuotaHard(namespace.limits) },
      },
      { parent, dependsOn: [...counted, ...others] },
    );
  }
}

import { z } from "zod";
import type { FleetSpec } from "../config/fleet-spec.js";
import { PLATFORM_OBJECT } from "../config/names.js";
import { quantityAmount } from "../lib/kubernetes/quantity.js";
import { fluxQuotaHard, namespaceQuotaHard } from "../policies/quotas.js";
import type { ExistingCluster } from "./cluster.js";
import { identityOf, registered } from "./registered-object.js";

const amounts = z.record(z.string(), z.string()).default({});
const quota = z.object({
  spec: z.object({ hard: amounts }).default({ hard: {} }),
  status: z.object({ used: amounts }).default({ used: {} }),
});

/** Resources that a sentence lists. The others are counted. */
const mostResources = 3;

/**
 * Sentences about quotas that the update lowers below what their namespaces use. No plan of the program shows that: only the
 * API server counts. One that is below already, and stays as it is, is no news.
 * @param only tenant that the update is limited to @default - all tenants
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
 */
export function findQuotasBelowUse(
  spec: FleetSpec,
  { objects }: Pick<ExistingCluster, "objects">,
  only?: string,
): string[] {
  const tenants = spec.tenants.filter(({ name }) => only === undefined || name === only);
  return tenants.flatMap((tenant) =>
    tenant.namespaces.flatMap(({ name: namespace, limits }) =>
      Object.entries({
        [PLATFORM_OBJECT]: namespaceQuotaHard(limits, tenant, spec),
        [`${PLATFORM_OBJECT}-flux`]: fluxQuotaHard(limits),
      }).flatMap(([name, hard]) => {
        const found = objects.get(identityOf(registered("core/v1:ResourceQuota", name, namespace)));
        const below = found === undefined ? [] : belowUse(hard, quota.parse(found));
        return below.length === 0 ? [] : [sentenceOf(`the ResourceQuota ${name} in the namespace ${namespace}`, below)];
      }),
    ),
  );
}

/** The resources of which the update allows less than before, and less than is used: `pods to 5 (12 used)`. */
function belowUse(hard: Readonly<Record<string, string>>, { spec, status }: z.output<typeof quota>): string[] {
  return Object.entries(hard).flatMap(([resource, most]) => {
    const [before, used] = [spec.hard[resource], status.used[resource]];
    const isLowered = before === undefined || quantityAmount(most) < quantityAmount(before);
    if (!isLowered || used === undefined || quantityAmount(used) <= quantityAmount(most)) return [];
    return [`${resource} to ${most} (${used} used)`];
  });
}

function sentenceOf(object: string, below: readonly string[]): string {
  const more = below.length > mostResources ? ` and ${below.length - mostResources} more` : "";
  const listed = `${below.slice(0, mostResources).join(", ")}${more}`;
  return `This update lowers ${object} below what is used: ${listed}. Running pods stay, and Kubernetes refuses new ones until less is used.`;
}

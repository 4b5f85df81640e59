import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { quantityAmount } from "../../lib/kubernetes/quantity.js";
import { flagNames } from "./arguments.js";
import { mapManagers } from "./deployment.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "concurrency";

/**
 * The default of `--concurrent` for controllers that work for tenants: the number of objects that they reconcile in
 * parallel.
 *
 * It is larger than the number of objects of a kind that a tenant of size small may have (20), so that no such tenant
 * can occupy all workers. A workload that is waited for, and a fetch, occupy a worker until their timeout. The
 * release's default is 2 in source-controller and 4 in the others.
 * @see https://fluxcd.io/flux/installation/configuration/vertical-scaling/
 */
export const DEFAULT_CONCURRENCY = 25;

/** The default memory limit of a controller with that concurrency; Flux recommends it for 10 workers. */
export const DEFAULT_MEMORY_LIMIT = "2Gi";

/**
 * Sets the concurrency and the memory limit of controllers that work for tenants.
 *
 * A stack's own settings of either take precedence.
 */
export function setConcurrency(objects: readonly KubernetesObject[], context: HardenContext): KubernetesObject[] {
  return mapManagers(objects, context, step, ({ name, traits, container }, deployment) => {
    if (!traits.worksForTenants) return container;
    const { args = [], resources = {} } = container;
    const settings = context.settings.controllers[name as keyof typeof context.settings.controllers];
    const limit = resources.limits?.memory;
    if (limit === undefined)
      throw unexpectedManifest(context, step, objectName(deployment), "expected a limit of memory");
    const enough = settings?.resources?.limits?.memory !== undefined || amount(limit) >= amount(DEFAULT_MEMORY_LIMIT);
    return {
      ...container,
      args: flagNames(args).includes("concurrent") ? args : [...args, `--concurrent=${DEFAULT_CONCURRENCY}`],
      resources: enough ? resources : { ...resources, limits: { ...resources.limits, memory: DEFAULT_MEMORY_LIMIT } },
    };
  });
}

function amount(quantity: string | number): number {
  return quantityAmount(String(quantity));
}

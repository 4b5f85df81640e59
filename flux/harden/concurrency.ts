import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { quantityAmount } from "../../lib/kubernetes/quantity.js";
import { flagNames } from "./arguments.js";
import { mapManagers } from "./deployment.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "concurrency";

/**
 * How many objects of a kind the controllers that work for tenants look at side by side, where the stack says nothing.
 *
 * More than a tenant of the size small may have of any kind (20), so that no such tenant can hold all of them: what waits
 * for a workload, and what is fetched, holds a worker until its time is over. As released there are 2 in source-controller
 * and 4 in the others.
 * @see https://fluxcd.io/flux/installation/configuration/vertical-scaling/
 */
export const DEFAULT_CONCURRENCY = 25;

/** Memory of a controller with so many workers, where the stack says nothing: what Flux advises for ten. */
export const DEFAULT_MEMORY_LIMIT = "2Gi";

/**
 * Gives the controllers that work for tenants enough workers, and the memory for them.
 *
 * Whatever a stack says of either stands.
 */
export function setConcurrency(objects: readonly KubernetesObject[], context: HardenContext): KubernetesObject[] {
  return mapManagers(objects, context, step, ({ name, traits, container }, deployment) => {
    if (!traits.worksForTenants) return container;
    const { args = [], resources = {} } = container;
    const said = context.settings.controllers[name as keyof typeof context.settings.controllers];
    const limit = resources.limits?.memory;
    if (limit === undefined)
      throw unexpectedManifest(context, step, objectName(deployment), "expected a limit of memory");
    const enough = said?.resources?.limits?.memory !== undefined || amount(limit) >= amount(DEFAULT_MEMORY_LIMIT);
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

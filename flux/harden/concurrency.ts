import { quantityAmount } from "../../lib/kubernetes/quantity.js";
import { flagNames } from "./arguments.js";
import { containerStep } from "./controller.js";

/**
 * The default of `--concurrent` for controllers that work for tenants, where the release has 2 and 4. It is larger than
 * the number of objects of a kind that a tenant of size small may have (20), so that no such tenant can occupy all
 * workers. A workload that is waited for, and a fetch, occupy a worker until their timeout.
 * @see https://fluxcd.io/flux/installation/configuration/vertical-scaling/
 */
export const DEFAULT_CONCURRENCY = 25;

/** The default memory limit of a controller with that concurrency; Flux recommends it for 10 workers. */
const DEFAULT_MEMORY_LIMIT = "2Gi";

/** Sets concurrency and memory limit of controllers that work for tenants. A stack's settings take precedence. */
export const setConcurrency = containerStep(({ has, settings, container, args, unexpected }) => {
  if (!has("worksForTenants")) return {};
  const { resources = {} } = container;
  const limit = resources.limits?.memory;
  if (limit === undefined) throw unexpected("expected a limit of memory");
  const enough =
    settings?.resources?.limits?.memory !== undefined ||
    quantityAmount(String(limit)) >= quantityAmount(DEFAULT_MEMORY_LIMIT);
  return {
    args: flagNames(args).includes("concurrent") ? args : [...args, `--concurrent=${DEFAULT_CONCURRENCY}`],
    resources: enough ? resources : { ...resources, limits: { ...resources.limits, memory: DEFAULT_MEMORY_LIMIT } },
  };
});

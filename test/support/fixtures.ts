import { join } from "node:path";

/**
 * The folder of the stacks, tenants and platform files that tests are about. It is laid out as a checkout is: `stacks/`,
 * `fleet/` and `Pulumi.STACK.yaml`. Those of the checkout belong to its owner, who may replace them all.
 */
export const fixtures = join(import.meta.dirname, "..", "fixtures");

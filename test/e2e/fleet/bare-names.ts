import assert from "node:assert/strict";
import { namesOf, settledInventory } from "../../support/e2e/cluster-inventory.js";
import type { KubernetesClients } from "../../support/e2e/kubernetes-clients.js";

let names: Promise<string[]> | undefined;

/**
 * Names of everything on the shared sandbox's cluster `staging` before its first `pulumi up`. The first call reads them.
 * @throws AssertionError when the stack was up before the first call
 */
export function bareNames(kubernetes: KubernetesClients): Promise<string[]> {
  names ??= settledInventory(kubernetes).then((inventory) => {
    const found = namesOf(inventory);
    assert.ok(!found.some((name) => name.includes("flux-system")), "the cluster is not bare");
    return found;
  });
  return names;
}

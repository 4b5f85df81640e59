/**
 * `npm run measure:infrastructure`: the resources that each part of `fleet/infrastructure` adds to the first update of a
 * stack, and so to `npm start`. They are files of the platform's repository. `npm run bench` prints the seconds of the
 * platform's sync. It needs no cluster and no engine.
 */

import { root } from "../support/unit/fleet.js";
import { stackInventory } from "../support/unit/inventory.js";
import { stackNames } from "../support/unit/stack-config.js";
import { infrastructureTable } from "./infrastructure-table.js";

for (const stack of stackNames(root)) {
  process.stdout.write(`${infrastructureTable(stack, await stackInventory(root, stack))}\n`);
}

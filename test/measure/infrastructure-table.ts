import { newTable } from "../bench/table.js";
import type { InventoryEntry } from "../support/unit/inventory.js";

const file = /^fleet-platform-seed-fleet\/infrastructure\/(controllers|configuration|[^/]+\/configuration)\/([^/]+)/;

/** The resources of each part of `fleet/infrastructure` in the inventory of a stack, as a table. */
export function infrastructureTable(stack: string, inventory: readonly Pick<InventoryEntry, "name">[]): string {
  const counts = new Map<string, number>();
  for (const { name } of inventory) {
    const [, layer, part] = file.exec(name) ?? [];
    if (layer === undefined) continue;
    // The configuration of a stack is files, and not folders.
    const key = layer.includes("/") ? layer : `${layer}/${part}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const added = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const table = newTable([`Part of fleet/infrastructure, on ${stack}`, "Resources"], [1]);
  for (const [part, count] of [...counts].sort()) table.push([part, String(count)]);
  table.push(
    ["all of them", String(added)],
    ["all of the stack, without Flux's own objects", String(inventory.length)],
  );
  return String(table);
}

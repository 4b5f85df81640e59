import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fixtures } from "../../support/fixtures.js";
import { root } from "../../support/unit/fleet.js";
import { divideGolden, type GoldenFiles } from "../../support/unit/golden-files.js";
import { type InventoryEntry, stackInventory } from "../../support/unit/inventory.js";
import { stackNames } from "../../support/unit/stack-config.js";

const update = process.env.UPDATE_GOLDEN === "1";

/**
 * Everything that the checkout's stacks register, committed, so that a pull request shows the difference in infrastructure
 * beside the difference in code: STACK.json for each stack, base.json for what all of them share. `npm run golden` writes
 * the files. Flux's own objects are in test/e2e/flux/golden.
 */
describe("the golden inventory", () => {
  const stacks = stackNames(root);
  let expected: GoldenFiles<InventoryEntry>;
  before(async () => {
    expected = divideGolden(await inventories(root));
    if (!update) return;
    for (const file of committedNames()) rmSync(goldenFile(file));
    for (const [name, entries] of Object.entries(expected)) write(goldenFile(name), entries);
  });

  for (const name of new Set(["base", ...stacks])) {
    it(`of ${name} is what the stacks register; if the change is intended, run: npm run golden`, () => {
      assert.deepEqual(existsSync(goldenFile(name)) ? read(goldenFile(name)) : undefined, expected[name]);
    });
  }

  it("has no file of a stack that does not exist; if there is one, run: npm run golden", () => {
    assert.deepEqual(committedNames(), Object.keys(expected).sort());
  });
});

/** The content of resources has tests of its own, and the checkout's inventory: here their names are enough. */
describe("the resources of the fixtures", () => {
  it("are those of test/fixtures/resources.json; if the change is intended, run: npm run golden", async () => {
    const names = [...(await inventories(fixtures))].map(
      ([stack, entries]) => [stack, entries.map(({ name, type }) => `${name} ${type}`)] as const,
    );
    const found = divideGolden(new Map(names));
    const file = join(fixtures, "resources.json");
    if (update) write(file, found);
    assert.deepEqual(read(file), found);
  });
});

/** The inventory of each stack of a folder. */
async function inventories(folder: string): Promise<ReadonlyMap<string, readonly InventoryEntry[]>> {
  const found = new Map<string, readonly InventoryEntry[]>();
  for (const stack of stackNames(folder)) found.set(stack, await stackInventory(folder, stack));
  return found;
}

function goldenFile(name: string): string {
  return join(import.meta.dirname, `${name}.json`);
}

function committedNames(): string[] {
  const files = readdirSync(import.meta.dirname).flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []);
  return files.sort();
}

function write(file: string, content: unknown): void {
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

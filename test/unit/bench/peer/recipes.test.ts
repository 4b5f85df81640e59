import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { recipes as sandboxRecipes } from "@fleet/sandbox/toolchain/recipes";
import { partsFolder, recipes, requiredProviders } from "../../../bench/peer/recipes.js";

describe("the parts of OpenTofu", () => {
  it("are no parts of the sandbox, so that nothing else builds them", () => {
    const known = new Set(sandboxRecipes.flatMap(({ name, output }) => [name, output]));
    assert.deepEqual(
      recipes.filter(({ name, output }) => known.has(name) || known.has(output)),
      [],
    );
  });

  for (const { name, module, package: path, version } of recipes) {
    it(`have the version that go.mod pins: ${name}`, async () => {
      const pins = await readFile(join(partsFolder, module, "go.mod"), "utf8");
      const pinned = [...pins.matchAll(/^\t(?:require )?(\S+) (v\S+)/gm)].find(
        ([, required = ""]) => path === required || path.startsWith(`${required}/`),
      );
      assert.equal(pinned?.[2], version);
      assert.match(pins, new RegExp(`^\\s*(?:tool )?${path.replaceAll(".", "\\.")}$`, "m"));
      const sums = await readFile(join(partsFolder, module, "go.sum"), "utf8");
      assert.ok(sums.includes(`${pinned?.[1]} ${version} h1:`));
    });
  }

  it("lie where OpenTofu looks for the providers that the configuration requires", () => {
    for (const { source, version } of Object.values(requiredProviders)) {
      const folder = `mirror/registry.opentofu.org/${source}/${version}/`;
      assert.equal(recipes.filter(({ output }) => output.startsWith(folder)).length, 1, folder);
    }
  });
});

import assert from "node:assert/strict";
import { recipes } from "@fleet/sandbox/toolchain/recipes";
import { readJson } from "../../support/unit/fleet.js";

describe("the versions of Pulumi's npm packages", () => {
  const { dependencies } = readJson("package.json") as { readonly dependencies: Readonly<Record<string, string>> };

  it("are those of the plugins and of the engine that the toolchain builds", () => {
    const outputs = recipes.map(({ output }) => output);
    for (const name of ["kubernetes", "github", "tls"]) {
      const path = `plugins/resource-${name}-v${dependencies[`@pulumi/${name}`]}/pulumi-resource-${name}`;
      assert.ok(outputs.includes(path), `package.json needs ${path}; correct recipes.ts or the package's pin`);
    }
    const engine = recipes.find(({ name }) => name === "pulumi");
    assert.equal(engine?.version, `v${dependencies["@pulumi/pulumi"]}`);
  });
});

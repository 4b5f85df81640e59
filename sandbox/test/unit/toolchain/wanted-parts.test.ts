import assert from "node:assert/strict";
import { ToolchainError } from "../../../toolchain/error.js";
import type { Part } from "../../../toolchain/part.js";
import { recipes } from "../../../toolchain/recipes.js";
import { buildOrder, environmentParts, partsNamed, partsOnDemand, withNeeds } from "../../../toolchain/wanted-parts.js";

const all: readonly Part[] = recipes.map((recipe) => ({
  recipe,
  key: recipe.name,
  dir: recipe.name,
  file: recipe.name,
}));
const names = (parts: readonly Part[]) => parts.map(({ recipe }) => recipe.name);

describe("the parts that a run asks for", () => {
  it("are refused by a name that no part has", () => {
    assert.throws(
      () => partsNamed(all, ["etcd", "gitea"]),
      (error) =>
        error instanceof ToolchainError && /has no part gitea\nWhat to do: name one of kubectl, /.test(error.message),
    );
  });

  it("leave out of an environment what only something else asks for, and nothing besides", () => {
    const environment = environmentParts();
    assert.deepEqual(
      names(all).filter((name) => !environment.includes(name)),
      [
        "image-reflector-controller",
        "image-automation-controller",
        "source-watcher",
        "kustomize-controller-v1.9.4",
        "flux",
      ],
    );
    assert.deepEqual([...environment, ...partsOnDemand].sort(), names(all).sort());
  });

  it("have the further controllers of a stack", () => {
    const extra = ["image-reflector-controller"];
    assert.deepEqual(
      environmentParts(extra).filter((name) => !environmentParts().includes(name)),
      extra,
    );
    assert.equal(partsNamed(all, environmentParts(extra)).length, environmentParts().length + 1);
  });

  it("are built first when another run builds everything", () => {
    const order = names(buildOrder(all));
    assert.deepEqual([...order].sort(), names(all).sort());
    assert.deepEqual(new Set(order.slice(0, environmentParts().length)), new Set(environmentParts()));
    for (const { name, needs = [] } of recipes) {
      for (const need of needs) assert.ok(order.indexOf(need) < order.indexOf(name), `${name} comes before ${need}`);
    }
  });

  it("bring along what their build needs, as far as it is missing", () => {
    const flux = partsNamed(all, ["flux"]);
    assert.deepEqual(names(withNeeds(all, flux, () => true)), ["kubectl", "flux-manifests", "flux"]);
    const isMissing = ({ recipe }: Part) => recipe.name !== "flux-manifests";
    assert.deepEqual(names(withNeeds(all, flux, isMissing)), ["flux"]);
    assert.deepEqual(
      withNeeds(all, flux, () => false),
      [],
    );
  });
});

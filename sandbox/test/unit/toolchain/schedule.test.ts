import assert from "node:assert/strict";
import type { Part } from "../../../toolchain/part.js";
import type { GoRecipe } from "../../../toolchain/recipes.js";
import { buildsAtOnce, nextPart } from "../../../toolchain/schedule.js";
import { recipe } from "../../support/fake-machine.js";

const part = (name: string, changed: Partial<GoRecipe> = {}): Part => ({
  recipe: recipe(name, changed),
  key: name,
  dir: name,
  file: name,
});

describe("the number of builds at once", () => {
  const gibibyte = 2 ** 30;
  const cases = [
    { processors: 1, memory: 64, builds: 1 },
    { processors: 2, memory: 7.9, builds: 1 },
    { processors: 2, memory: 8, builds: 2 },
    { processors: 64, memory: 512, builds: 2 },
  ];
  for (const { processors, memory, builds } of cases) {
    it(`is ${builds} with ${processors} processors and ${memory} GiB of memory`, () => {
      assert.equal(buildsAtOnce({ processors, availableBytes: memory * gibibyte }), builds);
    });
  }
});

describe("the next part to build", () => {
  it("is none of the module folder of a running build, whose packages both would compile", () => {
    const running = part("kubectl", { module: "kubernetes" });
    const sibling = part("kube-apiserver", { module: "kubernetes" });
    const other = part("pulumi", { module: "pulumi" });
    assert.equal(nextPart([sibling], [running]), undefined);
    assert.equal(nextPart([sibling, other], [running]), other);
    assert.equal(nextPart([sibling, other], []), sibling);
  });

  it("waits for the parts that it needs, whether they run or wait themselves", () => {
    const kubectl = part("kubectl", { module: "kubernetes" });
    const manifests = part("flux-manifests", { module: "flux", needs: ["kubectl"] });
    assert.equal(nextPart([manifests], [kubectl]), undefined);
    assert.equal(nextPart([manifests, kubectl], []), kubectl);
    assert.equal(nextPart([manifests], []), manifests);
  });

  it("may be a copy at any time", () => {
    const copy: Part = { ...part("etcd"), supplied: { file: "/bin/etcd", digest: "0" } };
    assert.equal(nextPart([copy], [part("kubectl")]), copy);
  });
});

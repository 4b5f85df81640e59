import assert from "node:assert/strict";
import { BuildLog } from "../../../toolchain/build-log.js";
import type { GoRecipe } from "../../../toolchain/recipes.js";
import { recipe } from "../../support/fake-machine.js";

describe("the state of a build, by Go's lines", () => {
  const reading = (lines: readonly string[], changed: Partial<GoRecipe> = {}) => {
    const log = new BuildLog(recipe("etcd", { coldPackages: 3, ...changed }));
    for (const line of lines) log.take(line);
    return log;
  };
  const download = "go: downloading k8s.io/api v0.36.3";

  it("does not name a download any more once Go compiles", () => {
    assert.equal(reading([download, "internal/cpu", "k8s.io/api/core/v1"]).state, "2 of about 3 packages compiled");
  });

  for (const line of ["", "# k8s.io/api/core/v1", "go: finding module", "main.go:7:2: undefined: x", "a warning"]) {
    it(`counts no package for another line: ${JSON.stringify(line)}`, () => assert.equal(reading([line]).packages, 0));
  }

  it("names no total that it has passed, or does not know", () => {
    assert.equal(reading(["a", "b", "c", "d"]).state, "4 packages compiled");
    assert.equal(reading(["a"], { coldPackages: 0 }).state, "1 package compiled");
  });

  it("names the download before the first package", () => {
    assert.equal(reading([]).state, "reading sources");
    assert.equal(reading([download]).state, "downloading k8s.io/api v0.36.3");
  });

  it("names no download of before the build, and then nothing until Go prints a package", () => {
    const log = reading([download]);
    log.begin();
    assert.equal(log.state, "compiling or linking");
  });

  it("says that the program is linked once its main package is compiled", () => {
    assert.equal(reading(["a", "example.org/etcd"]).state, "linking");
    assert.equal(reading(["a", "toolchain/one/cmd/x"], { package: "./cmd/x" }).state, "linking");
    assert.notEqual(reading(["example.org/etcd/server"]).state, "linking");
  });
});

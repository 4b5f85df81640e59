import assert from "node:assert/strict";
import type { Go } from "../../../toolchain/go.js";
import { keyedParts, type Supplied, toolchainKey } from "../../../toolchain/part.js";
import type { GoRecipe } from "../../../toolchain/recipes.js";
import { FakeMachine, recipe } from "../../support/fake-machine.js";

describe("the key of a part", () => {
  let machine: FakeMachine;
  beforeEach(async () => {
    machine = await FakeMachine.create();
    await machine.write("source/one/cmd/etcd/main.go", "package main");
  });
  afterEach(async () => {
    await machine.destroy();
  });

  const settings = { GOVERSION: "go1.26.8", GOOS: "linux", GOARCH: "amd64" };
  const parts = (
    recipes: readonly GoRecipe[],
    go: Go["settings"] = settings,
    supplied: ReadonlyMap<string, Supplied> = new Map(),
  ) => {
    const source = machine.path("source");
    return keyedParts({ recipes, go: { settings: go, environment: {} }, source, cache: "cache", supplied });
  };
  const key = async (changed: Partial<GoRecipe> = {}, go?: Go["settings"]) =>
    (await parts([recipe("etcd", changed)], go))[0]?.key;

  it("refuses a recipe that needs a part which does not come before it", async () => {
    await assert.rejects(
      parts([recipe("flux", { needs: ["kubectl"] }), recipe("kubectl")]),
      /recipes\.ts: flux needs kubectl, which does not come before it/,
    );
  });

  const writing = (path: string, content: string) => async () => {
    await machine.write(path, content);
    return key();
  };
  const changes: Record<string, () => Promise<string | undefined>> = {
    "go.mod": writing("source/one/go.mod", "module one\n\ngo 1.27\n"),
    "go.sum": writing("source/one/go.sum", ""),
    "go.mod of a package that takes the place of a module": writing("source/one/other/go.mod", "module other"),
    "go.sum of such a package": writing("source/one/other/go.sum", ""),
    "a program's source": writing("source/one/cmd/etcd/main.go", "package main // changed"),
    "a new source file": writing("source/one/cmd/etcd/more.go", "package main"),
    "the version of Go": () => key({}, { ...settings, GOVERSION: "go1.26.9" }),
    "the processor": () => key({}, { ...settings, GOARCH: "arm64" }),
    "the flags of every call": () => key({}, { ...settings, GOFLAGS: "-mod=mod" }),
    "the package": () => key({ package: "example.org/other" }),
    "a linker variable": () => key({ variables: { "a.Version": "v2" } }),
    "the version": () => key({ version: "v1.0.1" }),
    "the output": () => key({ output: "bin/other" }),
  };
  for (const [name, change] of Object.entries(changes)) {
    it(`changes with ${name}`, async () => {
      const before = await key();
      assert.notEqual(await change(), before);
    });
  }

  it("changes with a part that it needs, so that nothing is made from an outdated one", async () => {
    const flux = recipe("flux", { needs: ["etcd"] });
    const [, before] = await parts([recipe("etcd"), flux]);
    const [, after] = await parts([recipe("etcd", { version: "v2.0.0" }), flux]);
    assert.notEqual(before?.key, after?.key);
  });

  it("stays the same for the same inputs, wherever the checkout is and whatever else lies in it", async () => {
    const before = await key();
    await machine.write("source/one/README.md", "about");
    await machine.write("source/one/cmd/etcd/main_test.go", "package main");
    assert.equal(await key(), before);
    const other = await FakeMachine.create();
    await other.write("source/one/cmd/etcd/main.go", "package main");
    const go = { settings, environment: {} };
    const elsewhere = await keyedParts({
      recipes: [recipe("etcd")],
      go,
      source: other.path("source"),
      cache: other.path("cache"),
    });
    await other.destroy();
    assert.equal(elsewhere[0]?.key, before);
  });

  it("stays the same when only the measures of its build change", async () => {
    assert.equal(await key({ coldSeconds: 1 }), await key({ coldSeconds: 2, coldPackages: 3 }));
  });

  it("is this one: another form of the key would have every user build all parts again", async () => {
    assert.equal(await key(), "36dbb066d4ea01c1cccb88f95aa6ada2aae9b804cd7ecce459ea738d98324f48");
  });

  it("of a program of this machine is its content's, and never that of the built part", async () => {
    const recipes = [recipe("kubectl"), recipe("manifests", { needs: ["kubectl"] })];
    const withDigest = (digest: string) =>
      parts(recipes, settings, new Map([["kubectl", { file: "/usr/bin/kubectl", digest }]]));
    const [built, one, other] = await Promise.all([parts(recipes), withDigest("1"), withDigest("2")]);
    for (const index of [0, 1]) {
      // Nor may what is made with it pass for what is made with the built part.
      const keys = [built, one, other].map((each) => each[index]?.key);
      assert.equal(new Set(keys).size, 3, recipes[index]?.name);
    }
  });

  it("makes the toolchain's key: another part, or another place for it, is another toolchain", async () => {
    const keys = await Promise.all([
      parts([recipe("etcd")]),
      parts([recipe("etcd"), recipe("kwok")]),
      parts([recipe("etcd", { output: "bin/etcd3" })]),
    ]);
    assert.equal(new Set(keys.map(toolchainKey)).size, 3);
  });
});

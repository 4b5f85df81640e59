import assert from "node:assert/strict";
import { partOf, topFolderOf } from "../../measure/part.js";
import { languageOf } from "../../measure/source.js";

describe("the language of a file", () => {
  for (const path of ["README.md", "package.json", "ts", "a.ts.orig", "a.tsbuildinfo", "go.mod", "Pulumi.yaml"]) {
    it(`is none that is measured: ${path}`, () => assert.equal(languageOf(path), undefined));
  }

  for (const path of ["index.ts", "cli/fleet.mjs", "a/b.cts", "a/b.mts", "a.js", "a.cjs", "a.test.ts", "a.d.ts"]) {
    it(`is TypeScript: ${path}`, () => assert.equal(languageOf(path), "TypeScript"));
  }

  for (const path of ["main.go", "sandbox/pulumi.sh"]) {
    it(`is Go or shell: ${path}`, () => assert.equal(languageOf(path), "Go or shell"));
  }
});

describe("the part of a file", () => {
  for (const [path, part] of [
    ["config/test.ts", "product"],
    ["contest/a.ts", "product"],
    ["config/sandbox/a.ts", "product"],
    ["sandbox.ts", "product"],
    ["index.ts", "product"],
    ["sandbox/github/github.ts", "sandbox"],
    ["sandbox/test/github.ts", "tests"],
    ["sandbox/github/github.test.ts", "tests"],
    ["test/run.ts", "tests"],
    ["lib/data/merge.test.mjs", "tests"],
  ] as const) {
    it(`is ${part}: ${path}`, () => assert.equal(partOf(path), part));
  }
});

describe("the top-level folder of a file", () => {
  it("is the file itself at the root", () => assert.equal(topFolderOf("index.ts"), "index.ts"));
  it("is the first folder", () => assert.equal(topFolderOf("components/flux/install.ts"), "components"));
});

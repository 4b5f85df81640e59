import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCheckout } from "../../measure/read-checkout.js";
import { writeTree } from "../../support/unit/tree-files.js";

describe("the code of a checkout", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-measure-test-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(path: string, text = ""): void {
    writeTree(root, { [path]: text });
  }

  it("cannot be read where there is no folder", () => {
    assert.throws(() => readCheckout(join(root, "none")), /none/);
  });

  it("is refused where there is none", () => {
    write("README.md");
    write("node_modules/a/index.js");
    assert.throws(() => readCheckout(root), /holds no TypeScript/);
  });

  for (const text of ["{", '{ "name": 1 }']) {
    it(`is refused with a package.json that is not one: ${text}`, () => {
      write("a.ts");
      write("sandbox/package.json", text);
      assert.throws(() => readCheckout(root), /^Error: sandbox\/package\.json is no valid package\.json: /);
    });
  }

  it("is nothing of packages, of folders with a dot, and behind links", () => {
    write("lib/a.ts");
    for (const path of ["node_modules/a.ts", "lib/node_modules/a.ts", ".sandbox/a.ts", "lib/.cache/a.ts"]) write(path);
    symlinkSync("lib", join(root, "linked"));
    symlinkSync("lib/a.ts", join(root, "linked.ts"));
    assert.deepEqual(readCheckout(root).sources, [{ path: "lib/a.ts", text: "" }]);
  });

  it("is every file of a measured language, in the order of the paths", () => {
    for (const path of ["sandbox/run.sh", "sandbox/go/main.go", "index.ts", "cli/b.mjs", "README.md"])
      write(path, path);
    assert.deepEqual(
      readCheckout(root).sources,
      ["cli/b.mjs", "index.ts", "sandbox/go/main.go", "sandbox/run.sh"].map((path) => ({ path, text: path })),
    );
  });

  it("has its packages with it: by name, without those that have none", () => {
    write("a.ts");
    write("package.json", '{ "name": "fleet", "version": "1.0.0" }');
    write("sandbox/package.json", '{ "name": "@acme/sandbox" }');
    write("test/package.json", "{}");
    const { packages } = readCheckout(root);
    assert.deepEqual(Object.fromEntries(packages), { fleet: "", "@acme/sandbox": "sandbox" });
  });
});

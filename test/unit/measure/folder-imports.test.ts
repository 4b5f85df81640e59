import assert from "node:assert/strict";
import { folderImports } from "../../measure/folder-imports.js";
import { parse } from "../../measure/source.js";

/** Path → text of a checkout's files; the arrows as `from -> to: count`. */
function arrows(files: Readonly<Record<string, string>>, packages: Readonly<Record<string, string>> = {}) {
  const parsed = Object.entries(files).map(([path, text]) => parse({ path, text }));
  return folderImports(parsed, new Map(Object.entries(packages))).map(
    ({ from, to, count }) => `${from} -> ${to}: ${count}`,
  );
}

describe("imports between folders", () => {
  it("are refused if they are subpath imports, which would be missing from the counts", () => {
    assert.throws(() => arrows({ "cli/a.ts": 'import "#config/load.js";' }), /cli\/a\.ts imports #config\/load\.js/);
  });

  it("are none within a folder, none of packages and Node, and none in comments and strings", () => {
    const text = [
      'import "./b.js";',
      'import "../cli/b.js";',
      'import "node:fs";',
      'import "yaml";',
      'import "fleet-sandbox-of-others";',
      '// import "../lib/a.js";',
      "const a = 'import \"../lib/a.js\"';",
      'const b = `import "../lib/a.js";`;',
    ].join("\n");
    assert.deepEqual(arrows({ "cli/a.ts": text }, { "fleet-sandbox": "sandbox" }), []);
  });

  for (const [what, text] of [
    ["static", 'import { a } from "../lib/a.js";'],
    ["for its effect", 'import "../lib/a.js";'],
    ["of a type", 'import type { A } from "../lib/a.js";'],
    ["in a type", 'type A = import("../lib/a.js").A;'],
    ["dynamic", 'const a = await import("../lib/a.js");'],
    ["passed on", 'export { a } from "../lib/a.js";'],
    ["passed on as a whole", 'export * from "../lib/a.js";'],
  ] as const) {
    it(`are counted: ${what}`, () => assert.deepEqual(arrows({ "cli/a.ts": text }), ["cli -> lib: 1"]));
  }

  it("are counted for each folder, at any depth", () => {
    const files = {
      "test/unit/a.ts": 'import "../../cli/a.js";\nimport "../../lib/data/a.js";',
      "test/b.ts": 'import "../lib/a.js";',
      "cli/commands/a.mjs": 'import "../../lib/a.js";',
    };
    assert.deepEqual(arrows(files), ["cli -> lib: 1", "test -> cli: 1", "test -> lib: 2"]);
  });

  it("have a file at the root stand for itself, under the name that it has", () => {
    const files = {
      "index.ts": 'import "./cli/a.js";',
      "cli/a.ts": 'import "../index.js";\nimport "../package.json";',
    };
    assert.deepEqual(arrows(files), ["cli -> index.ts: 1", "cli -> package.json: 1", "index.ts -> cli: 1"]);
  });

  it("follow the names of the checkout's own packages", () => {
    const files = { "cli/a.ts": 'import "@acme/sandbox";\nimport "@acme/sandbox/up.js";\nimport "fleet/lib/a.js";' };
    assert.deepEqual(arrows(files, { "@acme/sandbox": "sandbox", fleet: "" }), ["cli -> lib: 1", "cli -> sandbox: 2"]);
  });
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { browserTests, endToEnd, sharedFolders, unitTests } from "../../support/runner/test-files.js";
import { root } from "../../support/unit/fleet.js";
import { ourFiles } from "../repository/our-files.js";

const require = createRequire(import.meta.url);
const lookup = join(dirname(require.resolve("mocha/package.json")), "lib", "cli", "lookup-files.js");
const { lookupFiles } = require(lookup) as {
  /** Mocha's own. @throws when nothing matches */
  lookupFiles(pattern: string, extensions: readonly string[], recursive: boolean): readonly string[];
};

const scripts = (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> })
  .scripts;
const commonFiles = sharedFolders.map((folder) => `test/e2e/${folder}.ts`);

describe("The patterns of the tests", () => {
  it("match every test file once", () => {
    const imported = sharedFolders.flatMap((folder) =>
      readdirSync(join(root, "test/e2e", folder))
        .filter((file) => file.endsWith(".test.ts"))
        .map((file) => `test/e2e/${folder}/${file}`),
    );
    const run = [...[...unitTests, ...endToEnd, ...browserTests].flatMap(matches), ...imported];
    const tests = ourFiles().filter((file) => file.endsWith(".test.ts"));
    assert.deepEqual(run.sort(), [...tests, ...commonFiles].sort());
  });

  for (const [names, patterns] of [
    [["test:unit"], unitTests],
    [["test:attacks", "test:e2e"], endToEnd],
    [["test:report"], browserTests],
  ] as const) {
    it(`are those of ${names.join(" and ")}`, () => {
      const quoted = names.flatMap((name) =>
        [...(scripts[name] ?? "").matchAll(/'([^']+)'/g)].map(([, one = ""]) => one),
      );
      assert.deepEqual(quoted.flatMap(matches).sort(), patterns.flatMap(matches).sort());
    });
  }
});

/** The files that mocha finds, relative to the root of the checkout. @throws when nothing matches */
function matches(pattern: string): readonly string[] {
  return lookupFiles(join(root, pattern), ["ts"], false).map((file) => file.slice(root.length + 1));
}

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { checkout } from "../../../cli/checkout.js";
import { fixtures } from "../../support/fixtures.js";
import { runMocha } from "../../support/runner/mocha-run.js";
import { stackNames } from "../../support/unit/stack-config.js";

/** Folders of a checkout that are not copied. */
const foreign = new Set([".git", ".sandbox", "node_modules"]);

/** Stacks, tenants and platform files that have nothing in common with those of the project. */
const data = join(fixtures, "fork");

/** Code that knows its own folder, by which it could read files of the fork. */
const knowsFolder = /import\.meta\.|process\.cwd\(/;

/** Places of such code in the product. The tests of cli/ and policy-pack/ run in the fork, whatever they import. */
const knowingCode = /^(?:index\.ts$|cli\/|policy-pack\/|config\/reference\/write\.ts$)/;

/** Helpers of the tests that know their folder. */
const knowingHelpers = [
  "test/support/fixtures.ts",
  "test/support/linked-packages.ts",
  "test/support/unit/fleet.ts",
  "test/support/unit/program-checkout.ts",
];

/** The ways by which a unit test itself reaches the checkout: its own folder, and helpers that know theirs. */
const readsCheckout = new RegExp(
  `${knowsFolder.source}|cli/checkout|unit/(?:program-checkout|stack-config|without-stack)|/(?:our-files|specifiers)|` +
    `\\{[^}]*\\b(?:root|readJson)\\b[^}]*\\}\\s*from "[^"]*unit/fleet\\.js"`,
);

/** Whether a unit test may read a file that a fork replaces. Those of the program's preload read its code alone. */
function mayRead(file: string, content: string): boolean {
  if (file.startsWith("test/unit/cli/program/")) return false;
  return /^test\/unit\/(?:cli|policy-pack)\//.test(file) || readsCheckout.test(content);
}

/**
 * A checkout whose owner has replaced every stack, every tenant, the platform's files and the organisation. The unit
 * tests that read a checkout must accept all of them.
 */
describe("a fork with stacks, tenants and an organisation of its own", function () {
  this.timeout(20 * 60_000);
  let root: string;

  before(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-fork-"));
    for (const name of readdirSync(checkout)) {
      if (!foreign.has(name)) cpSync(join(checkout, name), join(root, name), { recursive: true });
    }
    symlinkSync(join(checkout, "node_modules"), join(root, "node_modules"));
    replaceData();
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  /** Only the two JSON Schemas stay in `stacks/`: `npm run schema` writes them. */
  function replaceData(): void {
    for (const { name } of readdirSync(join(root, "stacks"), { withFileTypes: true }).filter((one) =>
      one.isDirectory(),
    )) {
      rmSync(join(root, "stacks", name), { recursive: true });
    }
    for (const stack of stackNames(root)) rmSync(join(root, `Pulumi.${stack}.yaml`));
    rmSync(join(root, "fleet"), { recursive: true });
    cpSync(data, root, { recursive: true });
    const owners = join(root, "CODEOWNERS");
    writeFileSync(owners, readFileSync(owners, "utf8").replaceAll(/@[\w-]+\//g, "@zenith/"));
  }

  /** Path → content of every file of the fork. */
  function contents(): ReadonlyMap<string, string> {
    const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return new Map(
      entries.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), "utf8")]),
    );
  }

  it("changes by npm run golden only the inventories of its stacks", async () => {
    const before = contents();
    const { exitCode, all } = await execa("npm", ["run", "golden"], {
      cwd: root,
      stdin: "ignore",
      all: true,
      reject: false,
    });
    assert.equal(exitCode, 0, all);
    const after = contents();
    const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
      (file) => before.get(file) !== after.get(file),
    );
    assert.deepEqual(
      changed.filter((file) => !file.startsWith(join(root, "test/unit/golden/"))),
      [],
    );
    const written = readdirSync(join(root, "test/unit/golden")).filter((file) => file.endsWith(".json"));
    assert.deepEqual(written.sort(), ["base.json", ...stackNames(data).map((stack) => `${stack}.json`)]);
    assert.ok(changed.length >= written.length, changed.join("\n"));
  });

  /** The TypeScript files below folders of the fork, sorted, by their paths from its root. */
  function files(...folders: readonly string[]): string[] {
    const found = folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
    );
    return found.filter((file) => file.endsWith(".ts")).sort();
  }
  const contentOf = (file: string) => readFileSync(join(root, file), "utf8");

  it("has no other code that knows its folder, and so could read a file of the fork", () => {
    const product = ["config", "components", "flux", "lib", "policies", "preflight", "promotion", "review"];
    const knowing = files(...product).filter((file) => knowsFolder.test(contentOf(file)));
    assert.deepEqual(
      knowing.filter((file) => !knowingCode.test(file)),
      [],
    );
    const helpers = files("test/support").filter((file) => !/^test\/support\/(?:e2e|runner)\//.test(file));
    assert.deepEqual(
      helpers.filter((file) => /import\.meta\.|process\.cwd\(|cli\/checkout/.test(contentOf(file))),
      knowingHelpers,
    );
  });

  it("passes every unit test then that may read a file of its own", async () => {
    const args = files("test/unit").filter((file) => file.endsWith(".test.ts") && mayRead(file, contentOf(file)));
    for (const one of ["golden/golden", "stacks/registered-objects", "repository/codeowners", "cli/command"]) {
      assert.ok(args.includes(`test/unit/${one}.test.ts`), one);
    }
    const { passed, failures } = await runMocha({ root, args, output: "ignore" });
    assert.deepEqual(failures, []);
    assert.ok(passed > 0);
  });
});

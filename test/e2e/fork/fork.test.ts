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

/** Folders of unit tests that work on fixtures alone. What a fork replaces cannot change their result. */
const ownFixtures = ["components", "flux", "lib", "measure", "node-versions", "policies", "preflight"];

/** An import of a helper that reads a checkout's stacks. */
const readsCheckout =
  /cli\/checkout|unit\/(?:stack-config|without-stack)|\{[^}]*\broot\b[^}]*\} from "[./]+unit\/fleet/;

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

  it("has in the other folders only unit tests that read no file of its own", () => {
    const unit = join(root, "test/unit");
    for (const file of readdirSync(unit, { recursive: true, encoding: "utf8" })) {
      if (!ownFixtures.includes(file.split("/")[0] ?? "") || !file.endsWith(".ts")) continue;
      assert.doesNotMatch(readFileSync(join(unit, file), "utf8"), readsCheckout, file);
    }
  });

  it("passes every unit test then that may read a file of its own", async () => {
    const args = [`test/unit/!(${ownFixtures.join("|")})/**/*.test.ts`];
    const { passed, failures } = await runMocha({ root, args, output: "ignore" });
    assert.deepEqual(failures, []);
    assert.ok(passed > 0);
  });
});

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "../../../cli/checkout.js";
import { type Count, runMocha } from "../../support/runner/mocha-run.js";

describe("importTests", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-mocha-"));
    symlinkSync(join(checkout, "node_modules"), join(root, "node_modules"));
    mkdirSync(join(root, "folder"));
    write("package.json", '{"type":"module"}');
    write(
      "folder.ts",
      `import { importTests } from ${JSON.stringify(join(checkout, "test/support/e2e/import-tests.ts"))};
      await importTests(import.meta.dirname, "folder");`,
    );
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  function write(file: string, content: string): void {
    writeFileSync(join(root, file), content);
  }

  function run(): Promise<Count> {
    const args = ["--no-config", "--parallel", "--jobs", "2", "folder.ts"];
    return runMocha({ root, args, output: "ignore" });
  }

  it("runs every test of a folder", async () => {
    for (const name of ["a", "b"]) write(`folder/${name}.test.ts`, `it("${name}", () => {});`);
    assert.deepEqual(await run(), { passed: 2, failures: [] });
  });

  it("says why a file cannot be loaded, and runs the others", async () => {
    write("folder/a.test.ts", 'import "./missing.js";');
    write("folder/b.test.ts", 'it("b", () => {});');
    const { passed, failures } = await run();
    assert.equal(passed, 1);
    assert.match(failures.join("\n"), /^folder\/a\.test\.ts can be loaded\n {2}Cannot find module .*missing\.js/);
  });

  it("does not let a folder without tests pass for success", async () => {
    const { passed, failures } = await run();
    assert.deepEqual({ passed, failed: failures.length }, { passed: 0, failed: 1 });
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "../../../cli/checkout.js";
import { type Count, runMocha } from "../../support/runner/mocha-run.js";

describe("runMocha", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-mocha-"));
    symlinkSync(join(checkout, "node_modules"), join(root, "node_modules"));
    writeFileSync(join(root, "package.json"), '{"type":"module"}');
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  /** Runs a test file; what mocha prints is not this test's. @param lingering ms after its last test */
  function run(content: string, lingering?: number): Promise<Count> {
    writeFileSync(join(root, "some.test.ts"), content);
    const hooks = join(checkout, "test/support/unit/hooks.ts");
    return runMocha({
      root,
      args: ["--no-config", "--require", hooks, "some.test.ts"],
      ...(lingering === undefined ? {} : { lingering }),
      output: "ignore",
    });
  }

  async function count(content: string): Promise<{ passed: number; failed: number }> {
    const { passed, failures } = await run(content);
    return { passed, failed: failures.length };
  }

  it("counts a failed hook, a failed test and a passed one", async () => {
    const file = `
      it("passes", () => {});
      it("fails", () => { throw new Error("as it should"); });
      describe("with a hook", () => { before(() => { throw new Error("hook"); }); it("never runs", () => {}); });`;
    assert.deepEqual(await count(file), { passed: 1, failed: 2 });
  });

  it("names what failed, and how its error begins", async () => {
    const file = `describe("a suite", () => { it("fails", () => { throw new Error("as it should"); }); });`;
    assert.deepEqual((await run(file)).failures, ["a suite fails\n  as it should"]);
  });

  it("counts a file that cannot be loaded", async () => {
    assert.deepEqual(await count("import './missing.js';"), { passed: 0, failed: 1 });
  });

  it("counts an unhandled rejection", async () => {
    const file = `it("looks fine", () => { void Promise.reject(new Error("lost")); });`;
    const { failed } = await count(file);
    assert.ok(failed >= 1);
  });

  it("counts a process that ends in the middle", async () => {
    assert.deepEqual(await count(`it("ends all", () => { process.exit(0); });`), { passed: 0, failed: 1 });
  });

  it("ends a run that would never end, and counts that", async () => {
    const { passed, failures } = await run(`it("passes", () => { setInterval(() => {}, 1000); });`, 500);
    assert.deepEqual({ passed, failed: failures.length }, { passed: 1, failed: 1 });
  });
});

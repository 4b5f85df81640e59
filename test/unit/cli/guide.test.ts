import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { soundSettings, soundTree } from "../../support/unit/checkout-tree.js";
import { older } from "../../support/unit/lock-checkout.js";
import { runFleet } from "../../support/unit/run-fleet.js";
import { type Tree, writeTree } from "../../support/unit/tree-files.js";

describe("fleet guide", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-guide-"));
    write({
      ...soundTree,
      "Pulumi.staging.yaml": soundSettings(),
      "flux.lock.json": JSON.stringify({ "v2.9.2": older }),
    });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(files: Tree): void {
    writeTree(root, files);
  }

  const guide = (...args: readonly string[]) => runFleet(root, "guide", ...args);

  it("refuses a tenant and a stack that do not exist, with the one that is meant", async () => {
    const tenant = await guide("staging", "team-aa");
    assert.deepEqual([tenant.code, tenant.out], [2, ""]);
    assert.match(tenant.err, /the stack staging has no tenant "team-aa"\. Did you mean team-a\?/);
    const stack = await guide("stagin", "team-a");
    assert.deepEqual([stack.code, stack.out], [2, ""]);
    assert.match(stack.err, /there is no stack "stagin"\. Did you mean staging\?/);
  });

  it("reports the problems of the files, and prints nothing", async () => {
    write({ "stacks/base/tenants/team-a.yaml": "name: team-a\nlimits: {size: huge}\n" });
    const { code, out, err } = await guide("staging", "team-a");
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /team-a\.yaml:2: limits\.size: must be one of small/);
  });

  it("refuses settings that are encrypted: their rules are unknown", async () => {
    write({ "Pulumi.staging.yaml": soundSettings("fleet:allowedImageRegistries: {secure: x}") });
    const { code, err } = await guide("staging", "team-a");
    assert.equal(code, 1);
    assert.match(err, /is encrypted, so the rules of the stack are unknown: fleet:allowedImageRegistries/);
  });

  it("prints the page of a tenant, and knows of its commit status by the name of a secret alone", async () => {
    const { code, out } = await guide("staging", "team-a");
    assert.equal(code, 0);
    assert.match(out, /^# team-a on staging\n/);
    assert.match(out, /On GitHub: by Flux nowhere/);
    write({
      "Pulumi.staging.yaml": soundSettings("fleet:secrets: {team-a: {commit-status: {secure: x}}}"),
    });
    assert.match((await guide("staging", "team-a")).out, /On GitHub: each commit has a status/);
  });
});

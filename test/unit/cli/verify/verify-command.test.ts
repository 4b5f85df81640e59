import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addVerifyCommand } from "../../../../cli/commands/verify.js";
import type { VerifySystems } from "../../../../cli/verify/verify-stack.js";
import type { StackPlan } from "../../../../review/planned-resource.js";
import { FakeCluster } from "../../../support/unit/fake-cluster.js";
import { lockedTree } from "../../../support/unit/lock-checkout.js";
import { runFleetWith } from "../../../support/unit/run-fleet.js";
import { writeTree } from "../../../support/unit/tree-files.js";
import { atOnce, planOfTenants } from "../../../support/unit/verified-stack.js";

describe("the command verify", () => {
  let root: string;
  let plan: StackPlan;
  let cluster: FakeCluster;
  const before = process.env.GITHUB_OWNER;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-verify-"));
    writeTree(root, lockedTree);
    plan = planOfTenants(2);
    cluster = new FakeCluster(plan);
    process.env.GITHUB_OWNER = "acme";
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
    if (before === undefined) delete process.env.GITHUB_OWNER;
    else process.env.GITHUB_OWNER = before;
  });

  const run = async (...args: readonly string[]) => {
    const use: VerifySystems = {
      connect: async () => cluster,
      plan: async () => plan,
      now: () => Date.UTC(2026, 10, 27),
      settle: atOnce,
    };
    return await runFleetWith((program, streams) => addVerifyCommand(program, streams, root, use), "verify", ...args);
  };

  it("ends with 0 where everything holds, and says what it looked at", async () => {
    const { code, out, err } = await run("staging", "--without-github");
    assert.deepEqual({ code, err }, { code: 0, err: "" });
    assert.match(out, /Access matrix/);
    assert.match(out, /skipped: --without-github/);
  });

  it("ends with 1 where it has findings, and prints them in every form", async () => {
    cluster.remove("ResourceQuota", "tenant", "team-1");
    for (const [form, text] of [
      ["table", /ResourceQuota team-1\/tenant/],
      ["json", /"object": "ResourceQuota team-1\/tenant"/],
      ["yaml", /object: ResourceQuota team-1\/tenant/],
      ["markdown", /\| ResourceQuota team-1\/tenant<br>/],
      ["junit", /<testcase classname="objects" name="ResourceQuota team-1\/tenant"/],
      ["sarif", /"ruleId": "object-missing"/],
    ] as const) {
      const { code, out, err } = await run("staging", "--without-github", "--output", form);
      assert.deepEqual({ code, err }, { code: 1, err: "The stack staging has 1 finding.\n" }, form);
      assert.match(out, text);
    }
  });

  it("ends with 2 for a stack that there is not, an age without a unit, an unknown form, and an unused address", async () => {
    for (const [args, text] of [
      [["staging", "--ssh-address", "ghes.example.com:2222"], /--ssh-address needs --without-github/],
      [["stagin"], /there is no stack "stagin"\. Did you mean staging\?/],
      [["staging", "--max-key-age", "90"], /It must be a number of days, like 90d/],
      [["staging", "--output", "xml"], /Allowed choices are table, json, yaml, markdown, junit, sarif/],
    ] as const) {
      const { code, out, err } = await run(...args);
      assert.deepEqual({ code, out }, { code: 2, out: "" });
      assert.match(err, text);
    }
  });

  it("ends with 3 where it could not look, and names the missing right", async () => {
    cluster.faults.set("/api/v1/secrets", { status: 403, body: { message: "forbidden" } });
    const { code, out, err } = await run("staging", "--without-github");
    assert.deepEqual({ code, out }, { code: 3, out: "" });
    assert.match(err, /may not list secrets --all-namespaces at https:\/\/api\.example\.com:6443/);
  });
});

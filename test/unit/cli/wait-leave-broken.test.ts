import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addWaitCommand } from "../../../cli/commands/wait.js";
import type { SyncState } from "../../../cli/wait/stack-syncs.js";
import { nextProof, type Proof } from "../../../promotion/proof.js";
import { withLook } from "../../../promotion/ready.js";
import { readReadyRecord } from "../../../promotion/ready-record.js";
import { soundSettings } from "../../support/unit/checkout-tree.js";
import { lockedTree } from "../../support/unit/lock-checkout.js";
import { runFleetWith } from "../../support/unit/run-fleet.js";
import { writeTree } from "../../support/unit/tree-files.js";

const sync = (name: string, ...notReady: readonly string[]): SyncState => ({ name, revision: "main@sha1:a", notReady });
const oneBroken = [sync("platform"), sync("team-a/team-a", "quota\nexceeded"), sync("team-b/team-b")];
const content = [{ kind: "tenant", name: "team-a", value: "1", file: "", path: "" }] as const;
const proved = nextProof({ before: undefined, content, now: 0 });

describe("fleet wait --leave-broken", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-wait-"));
    writeTree(root, lockedTree);
    follow("ready");
    process.env.GITHUB_STEP_SUMMARY = join(root, "summary.md");
  });
  afterEach(() => {
    delete process.env.GITHUB_STEP_SUMMARY;
    rmSync(root, { recursive: true, force: true });
  });

  const follow = (needs: "ready" | "applied") => {
    const further = ["fleet:promotesFrom: staging", `fleet:promotionNeeds: ${needs}`];
    writeTree(root, { "Pulumi.prod-eu.yaml": soundSettings(...further, "fleet:platformRevision: {branch: main}") });
  };
  async function wait(states: readonly SyncState[], args: readonly string[] = ["--leave-broken", "1"], proof = proved) {
    const looks: unknown[] = [];
    const asked: string[][] = [];
    const use = {
      connect: async ({ tenants }: { readonly tenants: readonly { readonly name: string }[] }) => {
        asked.push(tenants.map(({ name }) => name));
        return async () => states;
      },
      outputs: async () => ({ outputs: { proved: proof } }),
      engine: async (_args: unknown, _cwd: unknown, variables: Readonly<Record<string, string>>) => {
        looks.push(readReadyRecord(variables)?.look.waiting);
      },
    };
    const add = (...[program, streams]: Parameters<Parameters<typeof runFleetWith>[0]>) =>
      addWaitCommand(program, streams, root, use);
    return { ...(await runFleetWith(add, "wait", "staging", "--timeout", "0s", ...args)), looks, asked };
  }

  it("fails without it, for more tenants than it says, and for the platform, and writes no summary", async () => {
    const two = [...oneBroken, sync("team-c/jobs", "boom")];
    for (const [states, args, reason] of [
      [oneBroken, [], /team-a: quota\nexceeded\n$/],
      [two, ["--leave-broken", "1"], /\n2 tenants are not Ready, and --leave-broken is 1\.\n$/],
      [[sync("platform", "boom"), sync("team-a/team-a")], ["--leave-broken", "9"], /platform: boom\n$/],
    ] as const) {
      const { code, err } = await wait(states, args);
      assert.equal(code, 1);
      assert.match(err, reason);
    }
    assert.equal(existsSync(join(root, "summary.md")), false);
  });

  it("fails while a next stack would get a tenant that is only applied", async () => {
    follow("applied");
    const { code, err } = await wait(oneBroken);
    assert.equal(code, 1);
    assert.match(
      err,
      /\nprod-eu would get a tenant that is not Ready on staging: set fleet:promotionNeeds to ready there\.\n$/,
    );
  });

  it("fails, also for the last stack, when a shared part changed since the tenant was Ready", async () => {
    const at = (program: string, now: number, before?: Proof) =>
      nextProof({
        before,
        content: [...content, { kind: "program", name: "", value: program, file: "", path: "" }],
        now,
      });
    const revisions = { platform: "main@sha1:a", "team-a/team-a": "main@sha1:a" };
    const changed = at("2", 2000, withLook(at("1", 0), { revisions, waiting: {} }, 1000));
    rmSync(join(root, "Pulumi.prod-eu.yaml"));
    const { code, err } = await wait(oneBroken, ["--leave-broken", "1"], changed);
    assert.equal(code, 1);
    assert.match(
      err,
      /\nteam-a may not stay behind: nothing of its own changed since it was Ready, and these changed: the program\.\n$/,
    );
    assert.equal(existsSync(join(root, "summary.md")), false);
  });

  it("refuses what is no number of tenants, and a look that is not recorded", async () => {
    for (const number of ["-1", "all", "1.5"])
      assert.equal((await wait(oneBroken, [`--leave-broken=${number}`])).code, 2);
    assert.equal((await wait(oneBroken, ["--leave-broken", "1", "--no-record"])).code, 2);
  });

  it("records a tenant as not Ready, names it in the summary of the job, and ends well", async () => {
    const { code, err, looks } = await wait(oneBroken);
    assert.equal(code, 0, err);
    assert.deepEqual(looks, [{ "team-a/team-a": "quota exceeded" }]);
    assert.match(err, /is not Ready after 0 s:\n {2}team-a: quota\nexceeded\nThese tenants stay behind\.\n$/);
    assert.equal(
      readFileSync(join(root, "summary.md"), "utf8"),
      "### Tenants that are not Ready on staging, and stay behind\n\n    team-a: quota exceeded\n\n",
    );
  });

  it("does not wait for a tenant that the last update left out, and says so", async () => {
    const leftOut = { ...proved, leftOut: { "team-a": "2026-01-01T00:00:00Z" } };
    const { code, err, asked } = await wait([sync("platform")], [], leftOut);
    assert.equal(code, 0, err);
    assert.deepEqual(asked, [[]]);
    assert.match(err, /^team-a is not waited for: the last update of staging left it out\n/);
  });
});

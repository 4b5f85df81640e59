import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addWaitCommand } from "../../../cli/commands/wait.js";
import { JobError } from "../../../cli/explain.js";
import type { StackOutputs } from "../../../cli/stack-outputs.js";
import type { RunEngine } from "../../../cli/wait/record-look.js";
import type { ConnectToSyncs, SyncState } from "../../../cli/wait/stack-syncs.js";
import { readTenantFiles } from "../../../config/files/tenant-files.js";
import { fleetError } from "../../../lib/diagnostics/problem.js";
import { fleetLabels } from "../../../lib/kubernetes/ownership-labels.js";
import { filesOf, type Part, tenantPart } from "../../../promotion/content.js";
import { nextProof, type Proof } from "../../../promotion/proof.js";
import { withLook } from "../../../promotion/ready.js";
import { readReadyRecord } from "../../../promotion/ready-record.js";
import { FakeClusters } from "../../support/unit/fake-cluster-server.js";
import { lockedTree } from "../../support/unit/lock-checkout.js";
import { runFleet, runFleetWith } from "../../support/unit/run-fleet.js";
import { writeTree } from "../../support/unit/tree-files.js";

const revision = `main@sha1:${"a".repeat(40)}`;

function sync(name: string, ...notReady: readonly string[]): SyncState {
  return { name, revision, notReady };
}

/** A proof of a stack with one tenant. @param part the tenant, or a digest of its base file alone */
function proofOf(part: Part | string): Proof {
  const ofDigest = (value: string): Part => ({ kind: "tenant", name: "team-a", value, file: "", path: "" });
  const content = [typeof part === "string" ? ofDigest(part) : part];
  return nextProof({ before: undefined, content, now: 0 });
}

const proved = proofOf("1");
const ready = { revisions: { platform: revision, "team-a/team-a": revision }, waiting: {} };

interface Systems {
  readonly connect: ConnectToSyncs;
  readonly outputs?: StackOutputs | (() => StackOutputs);
  readonly engine?: RunEngine;
}

describe("fleet wait", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-wait-"));
    writeTree(root, lockedTree);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** Runs the command without a record, unless a test has an engine. */
  async function wait(args: readonly string[], systems: ConnectToSyncs | Systems) {
    const {
      connect,
      outputs = { outputs: { proved } },
      engine,
    } = typeof systems === "function" ? { connect: systems } : systems;
    const record = engine === undefined ? ["--no-record"] : [];
    const read = async () => (typeof outputs === "function" ? outputs() : outputs);
    return await runFleetWith(
      (program, streams) => addWaitCommand(program, streams, root, { connect, engine, outputs: read }),
      "wait",
      ...args,
      ...record,
    );
  }

  it("refuses an unknown stack, and a time that is none", async () => {
    const never: ConnectToSyncs = async () => assert.fail("it connects");
    const unknown = await wait(["stagin"], never);
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /there is no stack "stagin"\. Did you mean staging\?/);
    for (const time of ["1d", "10", "25h"]) {
      const { code, err } = await wait(["staging", "--timeout", time], never);
      assert.equal(code, 2);
      assert.match(err, /option '--timeout <duration>' argument '\w+' is invalid\. It is not /);
    }
  });

  it("fails on the cluster of another stack", async () => {
    const { code, err } = await wait(["staging"], async () => {
      throw fleetError("environment", "KUBECONFIG", "does not lead to the stack staging");
    });
    assert.deepEqual([code, err], [1, "environment: KUBECONFIG: does not lead to the stack staging.\n"]);
  });

  it("fails after its time with each sync that is not Ready, in Flux's words", async () => {
    const syncs = [
      sync("platform"),
      sync("team-a/team-a", "Kustomization a/team-a: quota exceeded"),
      sync("team-b/team-b"),
    ];
    const { code, out, err } = await wait(["staging", "--timeout", "0s"], async () => async () => syncs);
    assert.deepEqual([code, out], [1, ""]);
    assert.equal(
      err,
      "waiting for team-a\nThe stack staging is not Ready after 0 s:\n  team-a: Kustomization a/team-a: quota exceeded\n",
    );
  });

  it("could not look, with the last answer of the cluster, when no look at it succeeded", async () => {
    const { code, out, err } = await wait(["staging", "--timeout", "0s"], async () => async () => {
      throw new Error("connection refused");
    });
    assert.deepEqual([code, out], [3, ""]);
    assert.match(
      err,
      /^environment: KUBECONFIG: no look at the cluster of staging succeeded within 0 s: connection refused\. Check/,
    );
  });

  describe("without a cluster of the stack", () => {
    const before = process.env.KUBECONFIG;
    let clusters: FakeClusters;
    beforeEach(() => {
      clusters = new FakeClusters();
    });
    afterEach(async () => {
      if (before === undefined) delete process.env.KUBECONFIG;
      else process.env.KUBECONFIG = before;
      await clusters.end();
    });

    /** The command as it is, with a kubeconfig of this current context. */
    async function look(context: string, ending = "") {
      const { KUBECONFIG: file = "" } = clusters.environment(context);
      // The client of Kubernetes takes a server without TLS only so.
      const text = readFileSync(file, "utf8").replaceAll(/^( *)server: .*$/gm, "$&\n$1insecure-skip-tls-verify: true");
      writeFileSync(file, text);
      process.env.KUBECONFIG = `${file}${ending}`;
      return await runFleet(root, "wait", "staging", "--no-record", "--timeout", "0s");
    }
    const namespace = "/api/v1/namespaces/flux-system";

    it("could not look, at a missing file, another stack's cluster and expired credentials", async () => {
      await clusters.add("other", {
        [namespace]: { metadata: { name: "flux-system", labels: fleetLabels("prod-eu") } },
      });
      await clusters.add("expired", { [namespace]: 401 });
      for (const [context, ending, reason] of [
        ["other", "-gone", /names a file that does not exist/],
        ["other", "", /it belongs to the stack prod-eu/],
        ["expired", "", /401/],
      ] as const) {
        const { code, out, err } = await look(context, ending);
        assert.deepEqual([code, out], [3, ""], err);
        assert.match(
          err,
          /^environment: KUBECONFIG: does not lead to the namespace flux-system of the stack staging: /,
        );
        assert.match(err, reason);
      }
    });
  });

  it("ends when all are Ready, with the revision of each", async () => {
    const syncs = [sync("platform"), sync("team-a/team-a")];
    const { code, out, err } = await wait(["staging"], async ({ stack, tenants }) => {
      assert.deepEqual([stack, tenants.map(({ name }) => name)], ["staging", ["team-a"]]);
      return async () => syncs;
    });
    assert.deepEqual([code, err], [0, ""]);
    assert.equal(out, "platform is Ready at main@sha1:aaaaaaaa\nteam-a is Ready at main@sha1:aaaaaaaa\n");
  });

  describe("records", () => {
    const states = [sync("platform"), sync("team-a/team-a")];
    const connect: ConnectToSyncs = async () => async () => states;
    const never: RunEngine = async () => assert.fail("the engine runs");

    it("nothing where the outputs cannot be read, or have no proof, and looks at no cluster", async () => {
      const unused: ConnectToSyncs = async () => assert.fail("it connects");
      const unread = await wait(["staging"], { connect: unused, outputs: { reason: "not logged in" }, engine: never });
      assert.equal(unread.code, 1);
      assert.match(
        unread.err,
        /^The outputs of the stack staging could not be read, so nothing can be recorded: not logged in\n.*--no-record\n$/,
      );
      const empty = await wait(["staging"], { connect: unused, outputs: { outputs: {} }, engine: never });
      assert.match(
        empty.err,
        /has no output that says what it has run, so nothing can be recorded\.\nWhat to do: run pulumi up/,
      );
    });

    /** The tenant of the checkout. */
    const current = () => tenantPart(filesOf(readTenantFiles(root, "staging"), "team-a"));

    it("nothing without news, and nothing where the cluster did not answer", async () => {
      const outputs = { outputs: { proved: withLook(proofOf(current()), ready, 0) } };
      const same = await wait(["staging"], { connect, outputs, engine: never });
      assert.match(
        same.out,
        /team-a is Ready at main@sha1:aaaaaaaa\nThe state of staging has this record already\.\n$/,
      );
      const refusing: ConnectToSyncs = async () => async () => {
        throw new Error("connection refused");
      };
      const failed = await wait(["staging", "--timeout", "0s"], { connect: refusing, engine: never });
      assert.match(failed.err, /connection refused/);
    });

    it("no base file as Ready that differs from the checkout, which may have a sync less", async () => {
      const looks: unknown[] = [];
      const engine: RunEngine = async (_args, _cwd, variables) => {
        looks.push(readReadyRecord(variables)?.look);
      };
      const { code, err } = await wait(["staging"], { connect, engine });
      const reason = "the base file or the group in this checkout is not the one that the stack runs";
      assert.deepEqual([code, err], [0, `team-a is not recorded: ${reason}\n`]);
      assert.deepEqual(looks, [{ revisions: { platform: revision }, waiting: { "team-a/team-a": reason } }]);
    });

    it("no tenant as Ready whose overlay or defaults differ in the checkout, which may suspend a sync there", async () => {
      const outputs = { outputs: { proved: proofOf(current()) } };
      const engine: RunEngine = async () => undefined;
      assert.deepEqual((await wait(["staging"], { connect, outputs, engine })).err, "");
      const reason = "the overlay or the stack's defaults in this checkout are not those that the stack runs";
      for (const file of ["stacks/staging/tenants/team-a.yaml", "stacks/staging/defaults.yaml"]) {
        writeFileSync(join(root, file), "sync: {suspend: true}\n");
        const { err } = await wait(["staging"], { connect, outputs, engine });
        assert.equal(err, `team-a is not recorded: ${reason}\n`);
        writeFileSync(join(root, file), "{}\n");
      }
    });

    it("no tenant as Ready where the proof is of the older form, and says what to do", async () => {
      const { merged: _merged, ...older } = current();
      const engine: RunEngine = async () => undefined;
      const { err } = await wait(["staging"], { connect, outputs: { outputs: { proved: proofOf(older) } }, engine });
      assert.match(
        err,
        /^team-a is not recorded: the proof of the stack is of an older form.*: run pulumi up with this/,
      );
    });

    it("a look that equals the former record, if an older look was recorded meanwhile", async () => {
      const before = withLook(proofOf(current()), ready, 0);
      const older = withLook(before, { revisions: {}, waiting: { platform: "boom", "team-a/team-a": "boom" } }, 1000);
      const reads = [before, older];
      const records: unknown[] = [];
      const engine: RunEngine = async (_args, _cwd, variables) => {
        records.push(readReadyRecord(variables)?.look);
      };
      const outputs = () => ({ outputs: { proved: reads.shift() } });
      const { out } = await wait(["staging"], { connect, outputs, engine });
      assert.match(out, /\nRecorded in the state of staging\.\n$/);
      assert.deepEqual(records, [ready]);
    });

    it("the failure of the engine, behind the syncs that are not Ready", async () => {
      const engine: RunEngine = async () => {
        throw new JobError("The record failed: locked");
      };
      const well = await wait(["staging"], { connect, engine });
      assert.deepEqual([well.code, well.err], [1, "The record failed: locked\n"]);
      const waiting: ConnectToSyncs = async () => async () => [sync("platform", "GitRepository x: boom")];
      const { err } = await wait(["staging", "--timeout", "0s"], { connect: waiting, engine });
      assert.match(err, /is not Ready after 0 s:\n {2}platform: GitRepository x: boom\nThe record failed: locked\n$/);
    });

    it("what is Ready and what is not, by an update of the proof alone, and fails nevertheless", async () => {
      const some: ConnectToSyncs = async () => async () => [
        sync("platform"),
        sync("team-a/team-a", "quota\n exceeded"),
      ];
      const calls: unknown[] = [];
      const engine: RunEngine = async (args, cwd, variables) => {
        calls.push([args, cwd, readReadyRecord(variables)]);
      };
      const { code, out, err } = await wait(["staging", "--timeout", "0s"], { connect: some, engine });
      assert.deepEqual([code, out], [1, "Recorded in the state of staging.\n"], err);
      const urn = "urn:pulumi:staging::fleet::pulumi:index:Stash::fleet-proved";
      const look = { revisions: { platform: revision }, waiting: { "team-a/team-a": "quota exceeded" } };
      const parts = JSON.stringify({ tenants: { "team-a": "1" }, fields: {}, charts: {} });
      const [[args, cwd, { at, ...recorded }]] = calls as [[unknown, unknown, { at: number }]];
      assert.deepEqual(
        [args, cwd, recorded],
        [["up", "--yes", "--skip-preview", "--stack", "staging", "--target", urn], root, { look, parts }],
      );
      assert.ok(Date.now() - at < 60_000);
      assert.equal(calls.length, 1);
    });
  });
});

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Command, CommanderError } from "commander";
import { addWaitCommand } from "../../../cli/commands/wait.js";
import { explain } from "../../../cli/explain.js";
import type { ConnectToSyncs } from "../../../cli/promote/stack-syncs.js";
import type { TenantSync } from "../../../cli/start/tenant-syncs.js";
import { fleetError } from "../../../lib/diagnostics/problem.js";
import { soundTree } from "../../support/unit/checkout-tree.js";
import { older } from "../../support/unit/lock-checkout.js";

const settings = `config:
  pulumi:disable-default-providers: ["*"]
  fleet:fluxVersion: v2.9.2
  fleet:repositoryOwner: staging
`;
const tree = { ...soundTree, "Pulumi.staging.yaml": settings, "flux.lock.json": JSON.stringify({ "v2.9.2": older }) };

function sync(name: string, ...notReady: readonly string[]): TenantSync {
  const revision = `main@sha1:${"a".repeat(40)}`;
  return { name, namespace: name, repository: "", revision, ready: notReady.length === 0, notReady };
}

describe("fleet wait", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-wait-"));
    for (const [file, content] of Object.entries(tree)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), content);
    }
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  async function wait(args: readonly string[], connect: ConnectToSyncs) {
    let [out, err] = ["", ""];
    const streams = {
      out: (text: string) => {
        out += text;
      },
      err: (text: string) => {
        err += text;
      },
    };
    const program = new Command("fleet")
      .exitOverride()
      .configureOutput({ writeOut: streams.out, writeErr: streams.err });
    addWaitCommand(program, streams, root, connect);
    const code = await program.parseAsync(["wait", ...args], { from: "user" }).then(
      () => 0,
      (error: unknown) => {
        if (error instanceof CommanderError) return 2;
        err += explain(error);
        return 1;
      },
    );
    return { code, out, err };
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
    assert.deepEqual([code, err], [1, "environment: KUBECONFIG: does not lead to the stack staging."]);
  });

  it("fails after its time with each sync that is not Ready, in Flux's words", async () => {
    const syncs = [sync("platform"), sync("team-a", "Kustomization a/team-a: quota exceeded"), sync("team-b")];
    const { code, out, err } = await wait(["staging", "--timeout", "0s"], async () => async () => syncs);
    assert.deepEqual([code, out], [1, ""]);
    assert.equal(
      err,
      "waiting for team-a\nThe stack staging is not Ready after 0 s:\n  team-a: Kustomization a/team-a: quota exceeded",
    );
  });

  it("fails with the cluster's answer when it cannot be read", async () => {
    const { code, err } = await wait(["staging", "--timeout", "0s"], async () => async () => {
      throw new Error("connection refused");
    });
    assert.equal(code, 1);
    assert.match(err, /^The stack staging is not Ready after 0 s:\n {2}.*connection refused/);
  });

  it("ends when all are Ready, with the revision of each", async () => {
    const syncs = [sync("platform"), sync("team-a")];
    const { code, out, err } = await wait(["staging"], async ({ stack, tenants }) => {
      assert.deepEqual([stack, tenants.map(({ name }) => name)], ["staging", ["team-a"]]);
      return async () => syncs;
    });
    assert.deepEqual([code, err], [0, ""]);
    assert.equal(out, "platform is Ready at main@sha1:aaaaaaaa\nteam-a is Ready at main@sha1:aaaaaaaa\n");
  });
});

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { addWorkflowCommands } from "../../../../cli/commands/workflow.js";
import { nextWave } from "../../../../cli/workflow/next-wave.js";
import { chainOrder } from "../../../../cli/workflow/waves.js";
import { FakeRepository } from "../../../support/unit/fake-repository.js";
import { runFleet } from "../../../support/unit/run-fleet.js";

const [commit, other] = ["a", "b"].map((digit) => digit.repeat(40)) as [string, string];
const order = {
  waves: [
    ["canary", "staging"],
    ["live", "prod-eu", "prod-us"],
  ],
  pairs: [
    { from: "canary", to: "live" },
    { from: "staging", to: "prod-eu" },
    { from: "staging", to: "prod-us" },
  ],
};

/** The second wave after these deployments. */
async function second(...deployed: FakeRepository["deployed"]) {
  const api = new FakeRepository();
  api.deployed = deployed;
  return await nextWave({ api, order, wave: 2, commit, branch: "main" });
}

const success = (environment: string) => ({ environment, sha: commit, state: "success" });

describe("fleet workflow wave", () => {
  for (const [name, deployment, reason] of [
    ["failed", { ...success("staging"), state: "failure" }, "failure"],
    ["runs another commit", { ...success("staging"), sha: other }, "no deployment"],
    [
      "has the commit from another branch, which any person who may push can deploy",
      { ...success("staging"), ref: "x" },
      "no deployment",
    ],
    ["went on to a newer commit", { ...success("staging"), state: "inactive" }, "inactive"],
  ] as const) {
    it(`holds back the stacks whose predecessor ${name}, and no others`, async () => {
      assert.deepEqual(await second(success("canary"), deployment), {
        stacks: ["live"],
        waiting: ["prod-eu", "prod-us"].map((to) => `${to} waits: staging was not updated to aaaaaaa (${reason}).`),
      });
    });
  }

  it("refuses while the update of a predecessor is not over, rather than leave out what follows", async () => {
    for (const state of ["in_progress", "queued", "waiting", "pending"]) {
      await assert.rejects(
        second(success("canary"), { ...success("staging"), state }),
        /^JobError: GitHub says that the update of staging to aaaaaaa is not over\.\nWhat to do: re-run/,
      );
    }
  });

  it("lets a chain go on while an approval of another one waits", async () => {
    const api = new FakeRepository();
    api.deployed = [success("canary"), { ...success("staging"), state: "waiting" }];
    const args = { api, wave: 2, commit, branch: "main" };
    assert.deepEqual(await nextWave({ ...args, order: chainOrder(order, "canary") }), {
      stacks: ["live"],
      waiting: [],
    });
    await assert.rejects(nextWave({ ...args, order: chainOrder(order, "staging") }), /staging .* is not over/);
  });

  it("refuses a chain that begins with no stack, or with one that has a predecessor", async () => {
    const root = mkdtempSync(join(tmpdir(), "fleet-chain-"));
    try {
      for (const [stack, line] of [
        ["staging", "fleet:cluster: c"],
        ["prod-eu", "fleet:promotesFrom: staging"],
      ] as const) {
        writeFileSync(join(root, `Pulumi.${stack}.yaml`), `config:\n  ${line}\n`);
        mkdirSync(join(root, "stacks", stack), { recursive: true });
      }
      const wave = (chain: string) => runFleet(root, "workflow", "wave", "2", "--chain", chain);
      const { code, err } = await wave("prod-eu");
      assert.deepEqual(
        [code, err],
        [
          2,
          "error: prod-eu has a predecessor, so no chain begins with it.\nWhat to do: name the stack without fleet:promotesFrom.\n(see --help)\n",
        ],
      );
      assert.match((await wave("stagin")).err, /stagin[\s\S]*staging/);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  it("has every stack whose predecessor was updated, also at the second attempt", async () => {
    const first = { ...success("staging"), state: "failure" };
    const all = { stacks: ["live", "prod-eu", "prod-us"], waiting: [] };
    assert.deepEqual(await second(success("canary"), success("staging"), first), all);
    assert.deepEqual(await second(success("canary"), { ...success("staging"), ref: "refs/heads/main" }), all);
  });

  it("holds back the stacks whose predecessor failed at the second attempt, although the first succeeded", async () => {
    const again = { ...success("staging"), state: "failure" };
    const { stacks } = await second(success("canary"), again, success("staging"));
    assert.deepEqual(stacks, ["live"]);
  });

  it("refuses what is no number of a later wave, rather than leave out all stacks", async () => {
    for (const text of ["x", "1", "0", "-2", "2.5", ""]) {
      const program = new Command("fleet");
      addWorkflowCommands(program, { out: assert.fail, err: assert.fail }, ".", {});
      for (const command of program.commands.flatMap((one) => [one, ...one.commands])) {
        command.exitOverride().configureOutput({ writeErr: () => undefined });
      }
      await assert.rejects(program.parseAsync(["workflow", "wave", "--", text], { from: "user" }), /from 2 on/, text);
    }
  });

  it("has no stack where there is no such wave", async () => {
    const none = await nextWave({ api: new FakeRepository(), order, wave: 3, commit });
    assert.deepEqual(none, { stacks: [], waiting: [] });
  });
});

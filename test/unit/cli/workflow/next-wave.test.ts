import assert from "node:assert/strict";
import { Command } from "commander";
import { addWorkflowCommands } from "../../../../cli/commands/workflow.js";
import { nextWave } from "../../../../cli/workflow/next-wave.js";
import { FakeRepository } from "../../../support/unit/fake-repository.js";

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

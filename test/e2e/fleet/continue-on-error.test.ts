import assert from "node:assert/strict";
import { join } from "node:path";
import { editYaml } from "../../support/e2e/edit-yaml.js";
import type { Emulator } from "../../support/e2e/emulator.js";
import { copyProgram } from "../../support/e2e/program-copy.js";
import { sharedSandbox, type TestEnvironment } from "../../support/e2e/sandbox.js";

const goOn = ["up", "--yes", "--skip-preview", "--continue-on-error"];

describe("an update that goes on after a failure", function () {
  this.timeout(20 * 60_000);
  let staging: TestEnvironment;
  let github: Emulator;
  /** Program in which pull requests to a tenant's repository need approvals: a ruleset, which nothing else depends on. */
  let cwd: string;

  before(async () => {
    const sandbox = await sharedSandbox();
    staging = await sandbox.environment("staging");
    github = await sandbox.github();
    await staging.engine.ensureUp();
    cwd = await copyProgram(await sandbox.scratch("continue-on-error"));
    await needApprovals(1);
    await staging.engine.up({ cwd });
  });
  after(async () => {
    await github.clearFaults();
    await staging.engine.up();
  });

  const needApprovals = (reviews: number) =>
    editYaml(join(cwd, "stacks/base/tenants/team-search.yaml"), (document) =>
      document.setIn(["repository", "protection"], { pullRequest: true, reviews }),
    );
  const proof = async () => {
    const stash = (await staging.engine.resources()).find(({ type }) => type === "pulumi:index:Stash");
    return [stash?.outputs?.input, (await staging.engine.outputs()).proved] as const;
  };

  it("proves nothing, although the engine gives the program the id of the resource that it could not update", async () => {
    const before = await proof();
    await needApprovals(2);
    await github.fault({ match: { method: "PUT", path: "*/repos/*/team-search/rulesets/*" }, status: 422, times: 9 });
    const { exitCode, all } = await staging.engine.run(goOn, { cwd });
    await github.clearFaults();
    assert.notEqual(exitCode, 0, all);
    assert.match(all, /index:RepositoryRuleset team-search\S* .*updating failed/);
    assert.deepEqual(await proof(), before);
    // The program came to its end: the next update, without the fault, has the proof.
    await staging.engine.succeed(goOn, { cwd });
    const [input, output] = await proof();
    assert.notDeepEqual(input, before[0]);
    assert.notDeepEqual(output, before[1]);
  });
});

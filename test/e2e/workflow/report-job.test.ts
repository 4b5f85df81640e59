import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { execa } from "execa";
import { checkout } from "../../../cli/checkout.js";
import { chromiumPath } from "../../pictures/chromium.js";
import { readWorkflows } from "../../support/unit/workflows.js";

/** The job of a pull request that opens the page of a report in Chromium. No run of it installs a package on this machine. */
describe("the job of the report's page", () => {
  it("runs its commands to their end, as a runner with Chromium does", async function () {
    const installed = await chromiumPath().catch(() => undefined);
    if (installed === undefined) return this.skip();
    const file = readWorkflows(checkout).find(({ name }) => name === "pull-request.yml");
    const scripts = file?.workflow.jobs.report?.steps.flatMap(({ run }) => run ?? []) ?? [];
    assert.equal(scripts[0], "npm ci");
    assert.ok(scripts.length > 1, "the job runs no test");
    // The packages of this checkout are there, and other tests use them meanwhile.
    for (const script of scripts.slice(1)) {
      const env = { CI: "true", RUNNER_TEMP: tmpdir() };
      const { exitCode, all } = await execa("bash", ["-e", "-c", script], {
        cwd: checkout,
        env,
        all: true,
        reject: false,
      });
      assert.equal(exitCode, 0, all);
      assert.match(all, /^ +[1-9]\d* passing/m);
    }
  }).timeout(600_000);
});

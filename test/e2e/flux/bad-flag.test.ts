import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { copyProgram } from "../../support/e2e/program-copy.js";
import { type TestEnvironment, TestSandbox } from "../../support/e2e/sandbox.js";
import { tenantsReady } from "../fleet/ready.js";

describe("a controller that refuses the value of its flag", function () {
  this.timeout(20 * 60_000);
  let sandbox: TestSandbox;
  let environment: TestEnvironment;
  let cwd: string;

  before(async () => {
    sandbox = await TestSandbox.create();
    environment = await sandbox.environment();
    cwd = await copyProgram(await sandbox.scratch("program"));
  });
  after(() => sandbox.end());

  it("fails pulumi up, which names the controller and the flag, before anything relies on it", async () => {
    const file = join(cwd, "Pulumi.staging.yaml");
    const good = await readFile(file, "utf8");
    const bad =
      "  fleet:readyTimeout: 30s\n  fleet:controllers:\n    helm-controller:\n      args: [--concurrent=many]\n";
    await writeFile(file, `${good}${bad}`);
    const said = await environment.engine.upFails({ cwd });
    // The engine also prints resources that do not fail, so only the diagnostics count.
    const [, diagnostics = ""] = said.split("\nDiagnostics:\n");
    const blamed = [...diagnostics.matchAll(/^ {2}kubernetes:apps\/v1:Deployment \((\S+)\):\n((?: {4}.*\n)*)/gm)];
    const [, , reason = ""] = blamed.find(([, name]) => name === "fleet-flux-deployment-helm-controller") ?? [];
    assert.match(reason, /helm-controller/, said);
    assert.match(reason, /invalid argument "many" for "--concurrent" flag/, said);
    const syncs = (await environment.engine.resources()).filter(({ type }) => type.startsWith("kubernetes:kustomize."));
    assert.deepEqual(syncs, [], "a sync was created though a controller is missing");
    await writeFile(file, good);
  });

  it("is put right by the next up", async () => {
    await environment.engine.up({ cwd });
    await tenantsReady(environment.kubernetes);
    await environment.engine.succeed(["preview", "--expect-no-changes"], { cwd });
  });
});

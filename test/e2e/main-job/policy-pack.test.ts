import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkout } from "../../../cli/checkout.js";
import { rules } from "../../../review/rules/rules.js";
import { copyProgram } from "../../support/e2e/program-copy.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";

describe("main job: the rules as a policy pack of the engine", function () {
  this.timeout(20 * 60_000);
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let pack: string;
  before(async () => {
    sandbox = await sharedSandbox();
    staging = await sandbox.environment();
    await staging.engine.ensureUp();
    pack = await executablePack(await sandbox.scratch("policy-pack"));
  });

  it("passes the stack as it is, and the engine knows each rule that judges one state", async () => {
    const { all } = await staging.engine.succeed(["preview", "--policy-pack", pack]);
    assert.match(all, /fleet@v0\.1\.0|fleet \(/);
    assert.doesNotMatch(all, /\[mandatory\]/);
  });

  it("stops a preview that breaks a mandatory rule, and names the rule and the remedy", async () => {
    const cwd = await copyProgram(await sandbox.scratch("audited-program"));
    await staging.engine.succeed(["config", "set", "fleet:admission", "audit"], { cwd });
    const { exitCode, all } = await staging.engine.run(["preview", "--policy-pack", pack], { cwd });
    assert.notEqual(exitCode, 0, all);
    assert.match(all, /\[mandatory\].*admission-denies/);
    assert.match(all, /the policy fleet-images denies nothing: .+ Set fleet:admission to enforce\./);
    const broken = rules.filter(({ name }) => all.includes(`${name} `)).map(({ name }) => name);
    assert.deepEqual(broken, ["admission-denies"]);
  });
});

/** A program that starts the pack of the checkout. The sandbox's language host cannot start packs from a folder. */
async function executablePack(folder: string): Promise<string> {
  const file = join(folder, "policy-pack");
  const host = join(checkout, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
  const [node, run, folderOfPack] = [process.execPath, host, join(checkout, "policy-pack")].map((path) => `"${path}"`);
  await writeFile(file, `#!/bin/sh\nexec ${node} ${run} "$1" ${folderOfPack}\n`);
  await chmod(file, 0o755);
  return file;
}

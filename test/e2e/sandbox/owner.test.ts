import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { allGone, processesOf } from "@fleet/sandbox/test/processes";
import { checkout } from "../../../cli/checkout.js";
import { waitFor } from "../../support/e2e/wait-for.js";

/** A test run that has a sandbox and tells where, and then never ends. */
const program = `
  import { TestSandbox } from ${JSON.stringify(join(checkout, "test/support/e2e/sandbox.ts"))};
  const sandbox = await TestSandbox.create();
  await sandbox.environment("staging");
  console.log(sandbox.stateDirectory);
  setInterval(() => {}, 1000);
`;

describe("a test run that is killed", () => {
  it("leaves neither processes nor data behind", async () => {
    const tsx = createRequire(import.meta.url).resolve("tsx");
    const child = spawn(process.execPath, ["--import", tsx, "--input-type=module", "--eval", program], {
      cwd: checkout,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exit = once(child, "exit");
    try {
      const [stateDirectory] = (await once(createInterface(child.stdout), "line")) as [string];
      const processes = await processesOf(stateDirectory);
      assert.ok(processes.length >= 7, `only ${processes.map(({ name }) => name)} run`);
      child.kill("SIGKILL");
      await exit;
      await allGone(processes);
      await waitFor(() => !existsSync(stateDirectory), { describe: () => `${stateDirectory} is still there` });
    } finally {
      child.kill("SIGKILL");
    }
  }).timeout(180_000);
});

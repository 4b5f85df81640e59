import type { RootHookObject } from "mocha";
import { toolchainStep } from "../../../cli/start/sandbox-tasks.js";
import { runSteps } from "../../../cli/start/tasks.js";
import { requireSsh } from "../runner/require-ssh.js";
import { endAll } from "./at-end.js";
import { endWithMocha } from "./end-with-mocha.js";

// The sandboxes and the engine of the tests may use more memory, and spend less time on collecting it.
process.env.GOGC ??= "400";

/**
 * Run by mocha once, before the first file: the real parts and ssh are there, or no test begins.
 *
 * Until mocha sets its own, the exit code is 1: when a worker crashes between two files, mocha waits for it in vain and
 * ends without a result, and so with 0.
 */
export async function mochaGlobalSetup(): Promise<void> {
  process.exitCode = 1;
  endWithMocha();
  await requireSsh(process.env);
  await runSteps([toolchainStep()]);
}

/**
 * Run by mocha in each worker, after each file.
 *
 * An interruption needs no hook, also when a signal ends the worker at once: the daemons of a sandbox watch the process
 * that owns them. Components that a worker hosts itself end with it (sandbox/process/guard.ts), and so do their folders
 * (sandbox/test/support/removed-with-host.ts).
 */
export const mochaHooks: RootHookObject = {
  async afterAll(this: Mocha.Context) {
    this.timeout(180_000);
    await endAll();
  },
};

import type { RootHookObject } from "mocha";
import { toolchainStep } from "../../../cli/start/sandbox-tasks.js";
import { runSteps } from "../../../cli/start/tasks.js";
import { requireSsh } from "../runner/require-ssh.js";
import { endSharedSandbox } from "./sandbox.js";

/** Run by mocha once, before the first file: the real parts and ssh are there, or no test begins. */
export async function mochaGlobalSetup(): Promise<void> {
  await requireSsh(process.env);
  await runSteps([toolchainStep()], {});
}

/**
 * Run by mocha in each worker, after each file.
 *
 * An interruption needs no hook: mocha ends its workers, and a sandbox ends with the process that owns it.
 */
export const mochaHooks: RootHookObject = {
  async afterAll(this: Mocha.Context) {
    this.timeout(180_000);
    await endSharedSandbox();
  },
};

import { execa } from "execa";
import { shortLived } from "./engine.js";
import type { TestEnvironment } from "./sandbox.js";

/**
 * `npx fleet up` for one tenant of a checkout, without a preview. An exit code other than 0 is an answer like any other.
 * @param checkout folder of a copy of the checkout: `copyCheckout()`
 */
export function fleetUp(environment: TestEnvironment, checkout: string, tenant: string): Promise<FleetUpResult> {
  return update(environment, checkout, ["--tenant", tenant]);
}

/** The same for all but the tenants that promotion holds back. */
export function fleetUpUnblocked(environment: TestEnvironment, checkout: string): Promise<FleetUpResult> {
  return update(environment, checkout, ["--leave-blocked"]);
}

interface FleetUpResult {
  readonly exitCode: number | undefined;
  readonly all: string;
}

async function update(
  { stack, variables }: TestEnvironment,
  checkout: string,
  part: readonly string[],
): Promise<FleetUpResult> {
  const args = ["cli/fleet.mjs", "up", stack, ...part, "--yes", "--skip-preview"];
  const env = { ...variables, ...shortLived, PULUMI_SKIP_CHECKPOINTS: "true", NO_COLOR: "1" };
  const { exitCode, all } = await execa(process.execPath, args, {
    cwd: checkout,
    env,
    stdin: "ignore",
    all: true,
    reject: false,
    timeout: 600_000,
  });
  return { exitCode, all };
}

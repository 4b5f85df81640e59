import { execa } from "execa";
import type { TestEnvironment } from "./sandbox.js";

/**
 * `npx fleet` in a checkout. An exit code other than 0 is an answer like any other.
 * @param checkout folder of a copy of the checkout: `copyCheckout()`
 */
export async function runFleetCommand(
  { variables }: TestEnvironment,
  checkout: string,
  ...args: readonly string[]
): Promise<{ readonly code: number | undefined; readonly out: string; readonly err: string }> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, ["cli/fleet.mjs", ...args], {
    cwd: checkout,
    env: { ...variables, NO_COLOR: "1" },
    reject: false,
    stripFinalNewline: false,
  });
  return { code: exitCode, out: stdout, err: stderr };
}

import { execa } from "execa";
import { shortLived } from "./engine.js";
import type { TestEnvironment } from "./sandbox.js";

/**
 * `npx fleet diff --live` of a stack, in a checkout. An exit code other than 0 is an answer like any other.
 * @param checkout folder of a copy of the checkout: `copyCheckout()`
 * @param further options of the command, and variables in place of the environment's. @default none
 */
export async function liveDiff(
  { stack, variables }: TestEnvironment,
  checkout: string,
  {
    options = [],
    env = {},
  }: { readonly options?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
) {
  const args = ["cli/fleet.mjs", "diff", "--live", stack, ...options];
  const { exitCode, stdout, stderr } = await execa(process.execPath, args, {
    cwd: checkout,
    env: { ...variables, ...shortLived, NO_COLOR: "1", ...env },
    stdin: "ignore",
    reject: false,
    stripFinalNewline: false,
    timeout: 600_000,
  });
  return { exitCode, stdout, stderr };
}

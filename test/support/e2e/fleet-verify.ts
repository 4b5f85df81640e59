import { execa } from "execa";
import { z } from "zod";
import type { TestEnvironment } from "./sandbox.js";

const result = z.object({
  holds: z.boolean(),
  checks: z.array(
    z.object({
      name: z.string(),
      findings: z.array(
        z.object({
          kind: z.string(),
          object: z.string(),
          owner: z.object({ component: z.string().optional(), tenant: z.string().optional(), file: z.string() }),
          difference: z.string(),
          reason: z.string(),
          fix: z.string(),
        }),
      ),
    }),
  ),
  matrix: z.record(z.string(), z.number()),
  admission: z.object({
    proven: z.array(z.string()),
    unproven: z.array(z.object({ policy: z.string(), reason: z.string() })),
  }),
  requests: z.object({ cluster: z.number(), gitHub: z.number() }),
});

/** The result of `npx fleet verify`, as its JSON has it. */
export type VerifyResult = z.output<typeof result>;

/**
 * `npx fleet verify` of a stack, in a checkout. An exit code other than 0 is an answer like any other.
 * @param checkout folder of a copy of the checkout: `copyCheckout()`
 * @param env variables in place of the environment's. @default none
 */
export async function runVerify(
  { stack, variables }: TestEnvironment,
  checkout: string,
  options: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
) {
  const args = ["cli/fleet.mjs", "verify", stack, ...options];
  const { exitCode, stdout, stderr } = await execa(process.execPath, args, {
    cwd: checkout,
    env: { ...variables, NO_COLOR: "1", ...env },
    stdin: "ignore",
    reject: false,
    stripFinalNewline: false,
    timeout: 300_000,
  });
  return { exitCode, stdout, stderr };
}

/** The result that `--output json` printed. */
export function verifyResult(stdout: string): VerifyResult {
  return result.parse(JSON.parse(stdout));
}

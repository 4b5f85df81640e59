import { endSharedSandbox } from "./sandbox.js";

/** Run by mocha before the first test: an interruption ends the sandbox in order, and then the tests. */
export function mochaGlobalSetup(): void {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.once(signal, () => {
      endSharedSandbox().finally(() => process.exit(code));
    });
  }
}

/** Run by mocha after the last test, whatever the result. */
export async function mochaGlobalTeardown(): Promise<void> {
  await endSharedSandbox();
}

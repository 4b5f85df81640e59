import type { TestSandbox } from "../support/e2e/sandbox.js";

/** Sandboxes that must be ended in any case. */
const sandboxes = new Set<TestSandbox>();

/** Has a sandbox ended with the benchmark. */
export function register(sandbox: TestSandbox): void {
  sandboxes.add(sandbox);
}

/** Ends all sandboxes. @throws the first error, once all have ended or failed */
export async function endSandboxes(): Promise<void> {
  const all = [...sandboxes];
  sandboxes.clear();
  const ended = await Promise.allSettled(all.map((sandbox) => sandbox.end()));
  const failed = ended.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** Has an interruption end the sandboxes, and then the process. */
export function endWhenInterrupted(): void {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.once(signal, () => {
      process.stderr.write(`\nInterrupted by ${signal}: the sandbox ends.\n`);
      endSandboxes().finally(() => process.exit(code));
    });
  }
}

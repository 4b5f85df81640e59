import assert from "node:assert/strict";
import { execa } from "execa";
import type { TestEnvironment } from "./sandbox.js";

/** Arguments, environment and folder of `npx fleet` in a checkout. */
function command({ variables }: TestEnvironment, checkout: string, args: readonly string[]) {
  const options = {
    cwd: checkout,
    env: { ...variables, NO_COLOR: "1" },
    reject: false,
    stripFinalNewline: false,
  } as const;
  return execa(process.execPath, ["cli/fleet.mjs", ...args], options);
}

/**
 * `npx fleet` in a checkout. An exit code other than 0 is an answer like any other.
 * @param checkout folder of a copy of the checkout: `copyCheckout()`
 */
export async function runFleetCommand(
  environment: TestEnvironment,
  checkout: string,
  ...args: readonly string[]
): Promise<{ readonly code: number | undefined; readonly out: string; readonly err: string }> {
  const { exitCode, stdout, stderr } = await command(environment, checkout, args);
  return { code: exitCode, out: stdout, err: stderr };
}

/**
 * `npx fleet` in a checkout, killed when an object of a namespace is created.
 * @param object as kubectl names it: `serviceaccount/reconciler`
 * @throws when the command ends before
 */
export async function killFleetCommand(
  environment: TestEnvironment,
  checkout: string,
  {
    namespace,
    object,
    args,
  }: { readonly namespace: string; readonly object: string; readonly args: readonly string[] },
): Promise<void> {
  const [kind = ""] = object.split("/");
  const watched = ["--namespace", namespace, "get", kind, "--watch-only", "--output=name"];
  const watch = execa("kubectl", watched, { env: environment.variables, reject: false });
  try {
    const running = command(environment, checkout, args);
    void running.finally(() => watch.kill());
    for await (const line of watch) {
      if (line === object) running.kill("SIGKILL");
    }
    const { signal, stdout, stderr } = await running;
    assert.equal(signal, "SIGKILL", `fleet ended before it was killed:\n${stdout}${stderr}`);
  } finally {
    watch.kill();
  }
}

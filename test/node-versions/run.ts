/**
 * `npm run test:node`: the type check and the unit tests on each version of Node that is supported.
 *
 *     npm run test:node
 *     npm run test:node -- 22 24.21.0
 *     npm run test:node -- --start      also npm start and npm run stop, once on each version
 *
 * Binaries come from the npm registry and are kept beside the built parts of the sandbox. Exit code 1 when a check failed.
 */
import { join } from "node:path";
import { cacheDirectory } from "@fleet/sandbox/toolchain/cache";
import { duration } from "@fleet/sandbox/toolchain/progress";
import { Command } from "commander";
import { messageOf } from "../../lib/diagnostics/problem.js";
import { type Check, type Outcome, startAndStop, typeCheck, unitTests } from "./checks.js";
import { ensureNode } from "./install.js";
import { type CheckResult, renderReport } from "./report.js";
import { selectVersions, testedVersions } from "./versions.js";

const cache = join(cacheDirectory(process.env), "node");
const interruption = new AbortController();
const { signal } = interruption;

/** Installs one version and runs the checks on it. */
async function checkVersion(version: string, checks: readonly Check[]): Promise<readonly CheckResult[]> {
  let bin = "";
  const results = [
    await measure(version, "Installation", async () => {
      bin = await ensureNode({ version, cache, signal });
      return { passed: true, output: "" };
    }),
  ];
  for (const { name, run } of bin === "" ? [] : checks) {
    if (signal.aborted) break;
    results.push(await measure(version, name, () => run({ bin, signal })));
  }
  return results;
}

async function measure(version: string, check: string, run: () => Promise<Outcome>): Promise<CheckResult> {
  process.stdout.write(`Node ${version}: ${check}\n`);
  const began = Date.now();
  const ended = await run().catch((error: unknown): Outcome => ({ passed: false, output: messageOf(error) }));
  // An interrupted mocha ends with 0.
  const outcome = signal.aborted ? { passed: false, output: `${ended.output}\n${messageOf(signal.reason)}` } : ended;
  const seconds = (Date.now() - began) / 1000;
  process.stdout.write(`Node ${version}: ${check} ${outcome.passed ? "passed" : "FAILED"}, ${duration(seconds)}\n`);
  return { version, check, seconds, ...outcome };
}

async function main(versions: readonly string[], start: boolean): Promise<void> {
  const checks = [typeCheck, unitTests, ...(start ? [startAndStop] : [])];
  const results: CheckResult[] = [];
  for (const version of versions) {
    if (signal.aborted) break;
    results.push(...(await checkVersion(version, checks)));
  }
  process.stdout.write(renderReport(results, ["Installation", ...checks.map(({ name }) => name)]));
  if (signal.aborted || results.some(({ passed }) => !passed)) process.exitCode = 1;
}

for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => interruption.abort(new Error(`The run was interrupted by ${name}.`)));
}

const command = new Command("npm run test:node --")
  .description("Runs the type check and the unit tests on each supported version of Node.")
  .argument("[version...]", `versions or their beginnings, of ${testedVersions.join(", ")}`)
  .option("--start", "run npm start and npm run stop on each version too", false)
  .action(async (words: readonly string[], { start }: { readonly start: boolean }) => {
    let versions: readonly string[];
    try {
      versions = selectVersions(words);
    } catch (error) {
      return command.error(messageOf(error), { exitCode: 2 });
    }
    await main(versions, start);
  });
await command.parseAsync();

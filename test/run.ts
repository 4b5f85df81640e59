/**
 * `npm test`: the type check, the linter, the unit tests, and then the attacks and end-to-end tests on the real parts.
 * A step that fails does not keep the next from running. The last line sums up: `N passed, N failed`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { duration } from "@fleet/sandbox/toolchain/progress";
import { toolchainStep } from "../cli/start/sandbox-tasks.js";
import { runSteps as runTasks } from "../cli/start/tasks.js";
import { messageOf } from "../lib/diagnostics/problem.js";
import { type Count, runMocha } from "./support/runner/mocha-run.js";
import { endToEnd, unitTests } from "./support/runner/test-files.js";

const root = join(import.meta.dirname, "..");
/** The processes that run now: a signal is passed on to them. */
const running = new Set<ChildProcess>();
let interrupted = false;

interface Step {
  readonly name: string;
  run(): Promise<Count>;
}

const steps: readonly Step[] = [
  { name: "Type check", run: () => check("tsc", ["-p", "."]) },
  { name: "Lint and format", run: () => check("biome", ["ci"]) },
  { name: "Unit tests", run: runUnitTests },
  {
    name: "Attacks and end-to-end tests, on the real parts",
    run: () => runMocha({ root, args: ["--config", "test/e2e/.mocharc.json", ...endToEnd], started }),
  },
];

/** The unit tests, with the parts of the sandbox that some of them need. Without these, they must not be left out. */
async function runUnitTests(): Promise<Count> {
  process.env.FLEET_REQUIRE_KUSTOMIZE = "true";
  await runTasks([toolchainStep(["kubectl", "flux-manifests"])]);
  return await runMocha({ root, args: unitTests, started });
}

/** A command of the packages counts as one test: passed when it ends with 0. */
function check(command: string, args: readonly string[]): Promise<Count> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, "node_modules", ".bin", command), args, { cwd: root, stdio: ["ignore", 1, 2] });
    started(child);
    child.once("error", reject);
    child.once("exit", (code) =>
      resolve(code === 0 ? { passed: 1, failures: [] } : { passed: 0, failures: [`${command} ended with ${code}`] }),
    );
  });
}

function started(child: ChildProcess): void {
  running.add(child);
  child.once("exit", () => running.delete(child));
}

function tally({ passed, failures }: Count): string {
  return `${passed} passed, ${failures.length} failed`;
}

async function runSteps(): Promise<Count> {
  const counts: Count[] = [];
  for (const { name, run } of steps) {
    if (interrupted) break;
    process.stdout.write(`\n== ${name}\n`);
    const begin = Date.now();
    const count = await run().catch(
      (error: unknown): Count => ({ passed: 0, failures: [`${name}: ${messageOf(error)}`] }),
    );
    process.stdout.write(`== ${name}: ${tally(count)}, ${duration((Date.now() - begin) / 1000)}\n`);
    counts.push(count);
  }
  return {
    passed: counts.reduce((total, { passed }) => total + passed, 0),
    failures: [...counts.flatMap(({ failures }) => failures), ...(interrupted ? ["the run was interrupted"] : [])],
  };
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    interrupted = true;
    for (const child of running) child.kill("SIGINT");
  });
}

const count = await runSteps();
if (count.failures.length > 0) process.stdout.write(`\n== What failed\n${count.failures.join("\n")}\n`);
process.stdout.write(`\n${tally(count)}\n`);
process.exitCode = count.failures.length > 0 || count.passed === 0 ? 1 : 0;

/**
 * `npm test`: type check, lint, unit tests, real parts, end-to-end tests, attacks, in this order. A step
 * that fails does not keep the next from running, and the very last line sums up: `N passed, N failed`.
 *
 *     tsx test/run.ts          everything
 *     tsx test/run.ts unit     unit tests alone: seconds, no built part
 *     tsx test/run.ts e2e      the real parts and the end-to-end tests
 *     tsx test/run.ts attacks  the real parts and the attack suite
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { toolchainStep } from "../cli/sandbox-tasks.js";
import { runSteps } from "../cli/tasks.js";
import { messageOf } from "../sandbox/sandbox-error.js";
import { type Count, runMocha } from "./support/mocha-run.js";

const root = join(import.meta.dirname, "..");
/** What runs now, for a signal to be passed on to. */
let running: ChildProcess | undefined;
let interrupted = false;

interface Stage {
  readonly name: string;
  run(): Promise<Count>;
}

const stages = {
  types: { name: "Type check", run: () => check("tsc", ["-p", "."]) },
  lint: { name: "Lint and format", run: () => check("biome", ["ci", "."]) },
  unit: { name: "Unit tests", run: () => mocha(["test/unit/**/*.test.ts"]) },
  e2e: { name: "End-to-end tests, on the real parts", run: () => onRealParts("test/e2e/**/*.test.ts") },
  attacks: {
    name: "Attacks by a hostile tenant, on the real parts",
    run: () => onRealParts("test/attacks/**/*.test.ts"),
  },
} as const satisfies Record<string, Stage>;

/** What is run for each argument. */
const selections: Readonly<Record<string, readonly Stage[]>> = {
  all: [stages.types, stages.lint, stages.unit, stages.e2e, stages.attacks],
  unit: [stages.unit],
  e2e: [stages.e2e],
  attacks: [stages.attacks],
};

/** A command of the packages counts as one test: passed when it ends with 0. */
function check(command: string, args: readonly string[]): Promise<Count> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, "node_modules", ".bin", command), args, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
    });
    running = child;
    child.once("error", reject);
    child.once("exit", (code) => resolve(code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }));
  });
}

function mocha(args: readonly string[]): Promise<Count> {
  return runMocha({
    root,
    args,
    started: (child) => {
      running = child;
    },
  });
}

/** Without their real parts these tests cannot run: that is one failure, told in the builder's own words. */
async function onRealParts(pattern: string): Promise<Count> {
  await runSteps([toolchainStep()], {});
  const timeout = String(10 * 60 * 1000);
  return mocha(["--timeout", timeout, "--require", "test/e2e/support/global.ts", pattern]);
}

async function runStages(selected: readonly Stage[]): Promise<Count> {
  let sum: Count = { passed: 0, failed: 0 };
  for (const { name, run } of selected) {
    if (interrupted) break;
    process.stdout.write(`\n== ${name}\n`);
    const count = await run().catch((error: unknown): Count => {
      process.stderr.write(`${messageOf(error)}\n`);
      return { passed: 0, failed: 1 };
    });
    process.stdout.write(`== ${name}: ${count.passed} passed, ${count.failed} failed\n`);
    sum = { passed: sum.passed + count.passed, failed: sum.failed + count.failed };
  }
  // Whatever was left out by an interruption did not pass.
  return interrupted ? { ...sum, failed: sum.failed + 1 } : sum;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill("SIGINT");
  });
}

const choice = process.argv[2] ?? "all";
const selected = selections[choice];
if (selected === undefined) {
  process.stderr.write(`There are no tests called "${choice}": ${Object.keys(selections).join(", ")}.\n`);
  process.exitCode = 2;
} else {
  const { passed, failed } = await runStages(selected);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

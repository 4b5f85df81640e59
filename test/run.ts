/**
 * `npm test`: the linter, the unit tests with the type check beside them, and then the attacks and end-to-end tests on the
 * real parts. A step that fails does not keep the next from running. The last line sums up: `N passed, N failed`.
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
  { name: "Lint and format", run: async () => shown(await check("biome", ["ci"])) },
  { name: "Unit tests, with the type check beside them", run: runUnitTests },
  {
    name: "Attacks and end-to-end tests, on the real parts",
    run: () => runMocha({ root, args: ["--config", "test/e2e/.mocharc.json", ...endToEnd], hooks: "tsx", started }),
  },
];

/**
 * The unit tests, with the parts of the sandbox that some of them need. Without these, they must not be left out. One process
 * runs them, so the type check has another processor.
 */
async function runUnitTests(): Promise<Count> {
  process.env.FLEET_REQUIRE_KUSTOMIZE = "true";
  const types = check("tsc", ["-p", "."]);
  const tests = await counted("Unit tests", async () => {
    await runTasks([toolchainStep(["kubectl", "flux-manifests"])]);
    return await runMocha({ root, args: unitTests, started });
  });
  return sum([shown(await types), tests]);
}

interface Checked extends Count {
  readonly output: string;
}

/** A command of the packages counts as one test: passed when it ends with 0. */
function check(command: string, args: readonly string[]): Promise<Checked> {
  return new Promise((resolve) => {
    let output = "";
    const done = (failures: readonly string[]) => resolve({ passed: failures.length === 0 ? 1 : 0, failures, output });
    const child = spawn(join(root, "node_modules", ".bin", command), args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    started(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    child.once("error", (error) => done([`${command}: ${messageOf(error)}`]));
    child.once("close", (code) => done(code === 0 ? [] : [`${command} ended with ${code}`]));
  });
}

/** Prints the output of a command. */
function shown({ output, ...count }: Checked): Count {
  process.stdout.write(output);
  return count;
}

function started(child: ChildProcess): void {
  running.add(child);
  child.once("exit", () => running.delete(child));
}

function tally({ passed, failures }: Count): string {
  return `${passed} passed, ${failures.length} failed`;
}

/** A part of the run. An error is one more failure. */
async function counted(name: string, run: () => Promise<Count>): Promise<Count> {
  return await run().catch((error: unknown) => ({ passed: 0, failures: [`${name}: ${messageOf(error)}`] }));
}

function sum(counts: readonly Count[]): Count {
  return {
    passed: counts.reduce((total, { passed }) => total + passed, 0),
    failures: counts.flatMap(({ failures }) => failures),
  };
}

async function runSteps(): Promise<Count> {
  const counts: Count[] = [];
  for (const { name, run } of steps) {
    if (interrupted) break;
    process.stdout.write(`\n== ${name}\n`);
    const begin = Date.now();
    const count = await counted(name, run);
    process.stdout.write(`== ${name}: ${tally(count)}, ${duration((Date.now() - begin) / 1000)}\n`);
    counts.push(count);
  }
  return sum([...counts, { passed: 0, failures: interrupted ? ["the run was interrupted"] : [] }]);
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

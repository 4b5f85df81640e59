/**
 * `npm test`: type check, lint, unit tests; then the real parts, attacks and end-to-end tests. A step that fails does
 * not keep the next from running, and the very last line sums up: `N passed, N failed`.
 *
 *     tsx test/run.ts          everything
 *     tsx test/run.ts unit     unit tests alone: seconds, no built part
 *     tsx test/run.ts e2e      the real parts and the end-to-end tests
 *     tsx test/run.ts attacks  the real parts and the attack suite
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { duration } from "@fleet/sandbox/toolchain/progress";
import { toolchainStep } from "../cli/start/sandbox-tasks.js";
import { runSteps } from "../cli/start/tasks.js";
import { messageOf } from "../lib/diagnostics/message-of.js";
import { GroupProgress } from "./support/runner/group-progress.js";
import { type MochaGroup, mochaGroups, type Together } from "./support/runner/mocha-groups.js";
import { type Count, runMocha } from "./support/runner/mocha-run.js";
import { requireSsh } from "./support/runner/require-ssh.js";
import { sideBySide } from "./support/runner/side-by-side.js";

const root = join(import.meta.dirname, "..");
/** What runs now, for a signal to be passed on to. */
const running = new Set<ChildProcess>();
let interrupted = false;
const began = Date.now();
/** End-to-end test files at a time. Each runs one or two sandboxes of 1.3 GiB. */
const atOnce = 2;

interface Stage {
  readonly name: string;
  run(): Promise<Count>;
}

/** A folder of test files, and which of its folders stay together. */
interface TestFolder {
  readonly folder: string;
  readonly together: Together;
}

const endToEnd: TestFolder = {
  folder: "test/e2e",
  together: { sharing: ["main-job", "tenant"], short: ["cli"] },
};
const sandbox: TestFolder = {
  folder: "sandbox/test/e2e",
  together: { sharing: [], short: ["toolchain", "github"] },
};
const attacks: TestFolder = { folder: "test/attacks", together: { sharing: [], short: [] } };

/** The product's unit tests and the sandbox's. */
const unitTests = ["test/unit/**/*.test.ts", "sandbox/test/unit/**/*.test.ts"];

const stages = {
  types: { name: "Type check", run: () => check("tsc", ["-p", "."]) },
  lint: { name: "Lint and format", run: () => check("biome", ["ci", "."]) },
  unit: { name: "Unit tests", run: () => runMocha({ root, args: unitTests, started }) },
  e2e: { name: "End-to-end tests, on the real parts", run: () => onRealParts(endToEnd, sandbox) },
  attacks: { name: "Attacks by a hostile tenant, on the real parts", run: () => onRealParts(attacks) },
  both: {
    name: "Attacks by a hostile tenant, and end-to-end tests, on the real parts",
    run: () => onRealParts(attacks, endToEnd, sandbox),
  },
} as const satisfies Record<string, Stage>;

/** What is run for each argument. */
const selections: Readonly<Record<string, readonly Stage[]>> = {
  all: [stages.types, stages.lint, stages.unit, stages.both],
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
    started(child);
    child.once("error", reject);
    child.once("exit", (code) =>
      resolve(code === 0 ? { passed: 1, failures: [] } : failure(`${command} ended with ${code}`)),
    );
  });
}

function failure(text: string): Count {
  return { passed: 0, failures: [text] };
}

function started(child: ChildProcess): void {
  running.add(child);
  child.once("exit", () => running.delete(child));
}

/** Without their real parts and ssh these tests cannot run: that is one failure, told in the builder's own words. */
async function onRealParts(...folders: readonly TestFolder[]): Promise<Count> {
  await requireSsh(process.env);
  await runSteps([toolchainStep()], {});
  return mochas(folders.flatMap(({ folder, together }) => mochaGroups(root, folder, together)));
}

/**
 * Runs groups of test files by several mochas, two at a time: much of their time they wait for a controller. Each has its
 * own sandboxes and its own process, and its report comes in one piece.
 */
async function mochas(groups: readonly MochaGroup[]): Promise<Count> {
  const options = ["--timeout", String(10 * 60 * 1000), "--require", "test/support/e2e/global.ts"];
  const say = (line: string) => process.stdout.write(`   ${line}\n`);
  const progress = new GroupProgress(groups.length, say, () => Date.now() - began);
  const tasks = groups.map(({ name, files }) => async () => {
    const end = progress.begin(name);
    const count = await runMocha({ root, args: [...options, ...files], output: "in one piece", started });
    end(tally(count));
    return count;
  });
  return sum(await sideBySide(atOnce, tasks, () => !interrupted));
}

function sum(counts: readonly Count[]): Count {
  return {
    passed: counts.reduce((total, { passed }) => total + passed, 0),
    failures: counts.flatMap(({ failures }) => failures),
  };
}

function tally({ passed, failures }: Count): string {
  return `${passed} passed, ${failures.length} failed`;
}

async function runStages(selected: readonly Stage[]): Promise<Count> {
  const counts: Count[] = [];
  for (const { name, run } of selected) {
    if (interrupted) break;
    process.stdout.write(`\n== ${name}\n`);
    const begin = Date.now();
    const count = await run().catch((error: unknown): Count => {
      process.stderr.write(`${messageOf(error)}\n`);
      return failure(`${name}: ${messageOf(error)}`);
    });
    const took = duration((Date.now() - begin) / 1000);
    process.stdout.write(`== ${name}: ${tally(count)}, ${took}\n`);
    counts.push(count);
  }
  // Whatever was left out by an interruption did not pass.
  return sum(interrupted ? [...counts, failure("the run was interrupted")] : counts);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    interrupted = true;
    for (const child of running) child.kill("SIGINT");
  });
}

const choice = process.argv[2] ?? "all";
const selected = selections[choice];
if (selected === undefined) {
  process.stderr.write(`There are no tests called "${choice}": ${Object.keys(selections).join(", ")}.\n`);
  process.exitCode = 2;
} else {
  const count = await runStages(selected);
  if (count.failures.length > 0) process.stdout.write(`\n== What failed\n${count.failures.join("\n")}\n`);
  process.stdout.write(`\n${tally(count)}\n`);
  process.exitCode = count.failures.length > 0 || count.passed === 0 ? 1 : 0;
}

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Totals, totalsVariable } from "./totals.js";

const require = createRequire(import.meta.url);

/** How tests went. */
export interface Count {
  /** How many passed. */
  readonly passed: number;
  /** One text for each that failed, so that the end of a long log says what its middle is about. */
  readonly failures: readonly string[];
}

/**
 * ms that a run may take to end after its last test; longer means that a test left something running. Ending a sandbox
 * that its files shared is part of it.
 */
const lingering = 180_000;
/** ms between two looks for the end of the tests. */
const interval = 500;

/** More memory for young objects, as in .mocharc.json: collecting them often took a tenth of the processor time. */
const nodeOptions = ["--max-semi-space-size=128", "--min-semi-space-size=128"];

/** One run of mocha. */
export interface MochaArgs {
  /** Folder to run in. */
  readonly root: string;
  /** Options and patterns. */
  readonly args: readonly string[];
  /**
   * Hooks of tsx. With `tsx`, files and their static imports are CommonJS modules, and each import() loads a second instance of a
   * module that they have already: `instanceof` an error of the one is false for the other. @default "tsx/esm"
   */
  readonly hooks?: "tsx" | "tsx/esm";
  /** ms that it may linger after its last test. @default three minutes */
  readonly lingering?: number;
  /** Whether its report goes to this process's outputs. @default "inherit" */
  readonly output?: "inherit" | "ignore";
  /** Receives the process, so that a signal can be passed on. */
  readonly started?: (child: ChildProcess) => void;
}

/**
 * Runs mocha and counts. Every other end than a proper one is one more failure: a crash, a file that cannot be loaded,
 * a process that does not end because a test left something open.
 */
export async function runMocha(args: MochaArgs): Promise<Count> {
  const directory = mkdtempSync(join(tmpdir(), "fleet-totals-"));
  const file = join(directory, "totals.json");
  try {
    const { code, signal, lingered } = await run(args, file);
    const totals = readTotals(file);
    const trouble = troubleOf({ code, signal, lingered, totals });
    if (trouble !== undefined && args.output !== "ignore") process.stdout.write(`mocha: ${trouble}\n`);
    const { passed, failures } = totals ?? { passed: 0, failures: [] };
    return {
      passed,
      failures: trouble === undefined ? failures : [...failures, `mocha ${args.args.join(" ")}: ${trouble}`],
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether it had to be ended after its last test. */
  readonly lingered: boolean;
}

function run(
  { root, args, hooks = "tsx/esm", lingering: timeoutMs = lingering, output = "inherit", started }: MochaArgs,
  file: string,
): Promise<End> {
  return new Promise<End>((resolve, reject) => {
    // Not bin/mocha.js: that one starts another process, to which it passes every signal twice.
    const mocha = join(dirname(require.resolve("mocha/package.json")), "lib", "cli", "cli.js");
    const reporter = join(import.meta.dirname, "totals-reporter.mjs");
    const child = spawn(
      process.execPath,
      // mocha's own executable would read `node-option` of the configuration.
      ["--import", require.resolve(hooks), ...nodeOptions, mocha, "--reporter", reporter, ...args],
      {
        cwd: root,
        stdio: ["ignore", output, output],
        env: { ...process.env, [totalsVariable]: file },
      },
    );
    started?.(child);
    let over: number | undefined;
    let lingered = false;
    const watch = setInterval(() => {
      if (over === undefined && existsSync(file)) over = Date.now();
      if (over === undefined || lingered || Date.now() - over < timeoutMs) return;
      lingered = true;
      child.kill("SIGKILL");
    }, interval);
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      clearInterval(watch);
      resolve({ code, signal, lingered });
    });
  });
}

/** A problem of a run beyond its failed tests, if there is one. */
export function troubleOf({
  code,
  signal,
  lingered,
  totals,
}: End & { readonly totals: Totals | undefined }): string | undefined {
  if (totals === undefined) return `it ended without a result (${signal ?? `exit code ${code}`})`;
  if (lingered) return "it did not end after its last test: a test left something open";
  if (totals.pending > 0) return `${totals.pending} tests were skipped`;
  if (totals.passed + totals.failures.length === 0) return "no test ran";
  // The exit code is the number of failures, or 1.
  if (totals.failures.length === 0 && code !== 0)
    return `it failed without a failed test (${signal ?? `exit code ${code}`})`;
  return undefined;
}

function readTotals(file: string): Totals | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Totals;
  } catch (error) {
    // Written in part: it crashed while it reported.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

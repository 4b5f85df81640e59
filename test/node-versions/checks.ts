import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";

const root = join(import.meta.dirname, "..", "..");

/** A version of Node that is installed. */
export interface InstalledNode {
  /** Folder of `node`. */
  readonly bin: string;
  /** Ends what runs. */
  readonly signal: AbortSignal;
}

/** The end of a command. */
export interface Outcome {
  readonly passed: boolean;
  /** The command's whole output. */
  readonly output: string;
}

/** One thing that must work on each version of Node. */
export interface Check {
  /** The head of its column. */
  readonly name: string;
  run(node: InstalledNode): Promise<Outcome>;
}

/** The type check: the compiler itself runs on that version. */
export const typeCheck: Check = { name: "Type check", run: (node) => runCommand(["tsc", "-p", "."], node) };

/** The unit tests. */
export const unitTests: Check = {
  name: "Unit tests",
  run: (node) => runCommand(["mocha", "{,sandbox/}test/unit/**/*.test.ts"], node),
};

/**
 * `npm start` in a sandbox of its own, then `npm run stop`. The directory of a sandbox that does not stop is kept, for it
 * names the processes that still run.
 */
export const startAndStop: Check = {
  name: "npm start",
  async run(node) {
    const directory = await mkdtemp(join(tmpdir(), "fleet-node-"));
    const environment = { FLEET_SANDBOX_DIR: directory };
    const start = await runCommand(["node", "--import", "./cli/bootstrap.mjs", "cli/start.ts"], node, {
      environment,
      live: true,
    });
    // An interruption ends `npm start`, and must not keep its sandbox running.
    const stop = await runCommand(
      ["node", "cli/fleet.mjs", "sandbox", "down"],
      { ...node, signal: new AbortController().signal },
      { environment },
    );
    if (stop.passed) await rm(directory, { recursive: true, force: true });
    const kept = stop.passed ? "" : `\nThe sandbox did not stop. Its directory is ${directory}.\n`;
    return { passed: start.passed && stop.passed, output: `${start.output}\n${stop.output}${kept}` };
  },
};

interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the output is also shown while the command runs. @default false */
  readonly live?: boolean;
}

/**
 * Runs a command of the packages with `node` from a folder. Without npm: an npm that is terminated ends before its script
 * does.
 */
async function runCommand(
  [file, ...args]: readonly [string, ...string[]],
  { bin, signal }: InstalledNode,
  { environment = {}, live = false }: RunOptions = {},
): Promise<Outcome> {
  const path = [bin, join(root, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter);
  const running = execa(file, args, {
    cwd: root,
    env: { ...environment, PATH: path },
    stdin: "ignore",
    stdout: live ? ["inherit", "pipe"] : "pipe",
    stderr: live ? ["inherit", "pipe"] : "pipe",
    all: true,
    reject: false,
    // An interrupted command ends what it started, which takes time.
    forceKillAfterDelay: false,
  });
  // Not execa's cancelSignal, which does not wait for the end of the command. SIGINT is what mocha passes on.
  const cancel = () => running.kill("SIGINT");
  signal.addEventListener("abort", cancel);
  const result = await running.finally(() => signal.removeEventListener("abort", cancel));
  const reason = result.failed ? `\n${result.shortMessage}` : "";
  return { passed: !result.failed, output: `${result.all}${reason}` };
}

import { hasNoState } from "@fleet/sandbox";
import { execa } from "execa";
import { checkout } from "../checkout.js";
import { JobError } from "../explain.js";
import { EngineProgress, lockHolders, summary } from "./engine-output.js";
import { interruptible, isTerminal, type Progress, type Step } from "./tasks.js";

const lastLogLines = 60;

/** ms between two lines of progress in a log, where they do not replace each other. */
const logInterval = 2000;
/** ms between two lines about the preview. */
const previewInterval = isTerminal ? 1000 : 5000;

/** Another engine works on the stack. It is not this command's to end. */
export class StackLockedError extends JobError {
  override readonly name = "StackLockedError";
}

/** A stack of this checkout, and the sandbox that has its state. */
export interface PulumiUpTarget {
  readonly stack: string;
  readonly stateDirectory: string;
}

/**
 * The step `pulumi up` on a stack of this checkout, with its progress. It ends in order when it is interrupted. The
 * environment of its context leads the engine to the sandbox.
 */
export function pulumiUpStep<Context extends { readonly environment: Readonly<Record<string, string>> }>(
  target: PulumiUpTarget,
): Step<Context> {
  const { stack } = target;
  const title = `pulumi up: the stack ${stack}, unmodified`;
  return {
    title,
    task: async ({ environment }, task) => {
      const isFirst = await hasNoState(target);
      const engine = startEngine(stack, { ...environment, ...(isFirst ? firstUpdateVariables(process.env) : {}) });
      const onSignal = () => {
        task.output = "interrupted: the engine finishes its operations in progress";
        engine.kill("SIGINT");
      };
      await interruptible(onSignal, async () => {
        const log = await followLog(engine, task);
        const { failed, signal, exitCode } = await engine;
        if (failed)
          throw failure(stack, {
            reason: signal ?? `exit code ${exitCode}`,
            log,
            isFirst,
            isKilled: signal !== undefined,
          });
        task.title = `${title}: ${summary(log)}`;
      });
    },
  };
}

/**
 * Variables for the first update of a stack. The engine otherwise writes the whole state before and after each of its
 * resources, which takes more processor time than all the rest of the engine. It still writes the state when the update
 * ends, fails or is interrupted. Later updates keep their checkpoints.
 * @param own the environment of the command. Its setting wins
 */
export function firstUpdateVariables(own: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return { PULUMI_SKIP_CHECKPOINTS: own.PULUMI_SKIP_CHECKPOINTS ?? "true" };
}

function startEngine(stack: string, environment: Readonly<Record<string, string>>) {
  return execa("pulumi", ["up", "--yes", "--non-interactive", "--color", "never", "--stack", stack], {
    cwd: checkout,
    env: environment,
    stdin: "ignore",
    all: true,
    buffer: false,
    reject: false,
    // A killed engine leaves the stack locked. After SIGINT it finishes its operations in progress.
    cleanup: false,
    detached: true,
  });
}

/** Prints the progress of the engine until it ends, and returns the last lines of its log. */
async function followLog(engine: ReturnType<typeof startEngine>, task: Progress): Promise<readonly string[]> {
  const log: string[] = [];
  const progress = new EngineProgress();
  const began = Date.now();
  const seconds = () => (Date.now() - began) / 1000;
  const showPreview = () => {
    const text = progress.previewLine(seconds());
    if (text !== undefined) task.output = text;
  };
  showPreview();
  const preview = setInterval(showPreview, previewInterval);
  try {
    let reported = 0;
    for await (const line of engine.iterable({ from: "all" })) {
      if (line.trim() === "" || line.startsWith("@")) continue;
      log.push(line);
      if (log.length > lastLogLines) log.shift();
      const step = progress.take(line);
      // In a log, one line now and then is enough, and the last one.
      const isDue = step?.finished && (Date.now() - reported >= logInterval || progress.complete);
      if (step === undefined || !(isTerminal || isDue)) continue;
      reported = Date.now();
      task.output = progress.line(step, seconds());
    }
  } finally {
    clearInterval(preview);
  }
  return log;
}

const failed = [
  "What to do: correct the reported problems, then run the same command again. It continues where it stopped.",
];
/** A first update writes its state when it ends: see {@link firstUpdateVariables}. */
const killedFirst = [
  "A first update that was killed leaves objects and no state.",
  "What to do: run `npx fleet sandbox down --purge`, which removes all of the sandbox, then the same command again.",
];

/** The end of an engine that failed. */
export interface FailedEngine {
  /** Its exit code or signal. */
  readonly reason: string;
  /** The last lines of its log. */
  readonly log: readonly string[];
  /** Whether the stack had no resource before. */
  readonly isFirst: boolean;
  /** Whether a signal ended it, so that it wrote no state any more. */
  readonly isKilled: boolean;
}

/** The error of an engine that failed, by the last lines of its log. */
export function failure(stack: string, { reason, log, isFirst, isKilled }: FailedEngine): JobError {
  const holders = lockHolders(log);
  if (holders.length > 0) {
    const lines = [
      `Another \`pulumi\` works on the stack ${stack}, such as that of a second \`npm start\`. Nothing was changed.`,
      ...holders.map((line) => `  | ${line}`),
      "What to do: wait until it has ended, then run the same command again.",
    ];
    return new StackLockedError(lines.join("\n"));
  }
  const lines = [
    `pulumi up failed for the stack ${stack} (${reason}). Its last log lines:`,
    ...log.map((line) => `  | ${line}`),
    ...(isFirst && isKilled ? killedFirst : failed),
    ...(isFirst && !isKilled ? [`If an earlier first update was killed: ${killedFirst.join(" ")}`] : []),
  ];
  return new JobError(lines.join("\n"));
}

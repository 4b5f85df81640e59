import { execa } from "execa";
import { checkout } from "../checkout.js";
import { EngineProgress, summary } from "./engine-output.js";
import { JobError } from "./job-error.js";
import type { ProgressReporter, Step } from "./tasks.js";

/** The result of the steps before `pulumi up`. */
export interface EngineContext {
  /** Environment variables that lead the engine to the sandbox. */
  environment?: Record<string, string>;
}

/** Number of log lines that a failure repeats. */
const lastLogLines = 60;

/** ms between two lines of progress in a log, where they do not replace each other. */
const logInterval = 2000;

/** The step `pulumi up` on a stack of this checkout, with its progress. It ends in order when it is interrupted. */
export function pulumiUpStep<Context extends EngineContext>(stack: string): Step<Context> {
  const title = `pulumi up: the stack ${stack}, unmodified`;
  return {
    title,
    run: async ({ environment }, report) => {
      if (environment === undefined) throw new Error("The engine runs after the sandbox has been started.");
      const engine = startEngine(stack, environment);
      const interruption = interruptWith(engine, report);
      try {
        const log = await followLog(engine, report);
        const result = await engine;
        if (!result.failed) return report.title(`${title}: ${summary(log)}`);
        if (interruption.requested) throw new JobError("Interrupted. Run the same command again to continue.");
        throw new JobError(failureMessage(stack, result.signal ?? `exit code ${result.exitCode}`, log));
      } finally {
        interruption.end();
      }
    },
  };
}

type Engine = ReturnType<typeof startEngine>;

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

/** Sends SIGINT to the engine when this process is to end. */
function interruptWith(engine: Engine, report: ProgressReporter) {
  const interruption = {
    requested: false,
    end: () => {
      for (const signal of signals) process.off(signal, interrupt);
    },
  };
  const interrupt = () => {
    interruption.requested = true;
    report("interrupted: the engine finishes its operations in progress");
    engine.kill("SIGINT");
  };
  for (const signal of signals) process.on(signal, interrupt);
  return interruption;
}

const signals = ["SIGINT", "SIGTERM"] as const;

/** Reports the progress of the engine until it ends, and returns the last lines of its log. */
async function followLog(engine: Engine, report: ProgressReporter): Promise<readonly string[]> {
  const log: string[] = [];
  const progress = new EngineProgress();
  const began = Date.now();
  let reported = 0;
  for await (const line of engine.iterable({ from: "all" })) {
    if (line.trim() === "" || line.startsWith("@")) continue;
    log.push(line);
    if (log.length > lastLogLines) log.shift();
    const step = progress.take(line);
    if (step === undefined) continue;
    // In a log, one line now and then is enough, and the last one.
    const due = step.finished && (Date.now() - reported >= logInterval || progress.complete);
    if (!report.live && !due) continue;
    reported = Date.now();
    report(progress.line(step, (reported - began) / 1000));
  }
  return log;
}

function failureMessage(stack: string, reason: string, log: readonly string[]): string {
  return [
    `pulumi up failed for the stack ${stack} (${reason}). Its last log lines:`,
    ...log.map((line) => `  | ${line}`),
    "What to do: correct the reported problems, then run the same command again. It continues where it stopped.",
  ].join("\n");
}

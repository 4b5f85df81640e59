import { execa } from "execa";
import { checkout } from "../checkout.js";
import { EngineProgress, summary } from "./engine-output.js";
import { JobError } from "./job-error.js";
import type { Step } from "./tasks.js";

/** What the engine's run needs of the steps before it. */
export interface EngineContext {
  /** Variables by which the engine works on the sandbox. */
  environment?: Record<string, string>;
}

/** Lines of the engine's output that are kept for a failure. */
const keptLines = 60;

/** ms between two lines of progress where they do not replace each other. */
const logInterval = 2000;

/** `pulumi up` on the stack as the checkout has it, its progress shown; an interruption ends it in order. */
export function pulumiUpStep<Context extends EngineContext>(stack: string): Step<Context> {
  return {
    title: `pulumi up: the stack ${stack}, unmodified`,
    run: async ({ environment }, say) => {
      if (environment === undefined) throw new Error("The engine runs after the sandbox has been started.");
      const engine = execa("pulumi", ["up", "--yes", "--non-interactive", "--color", "never", "--stack", stack], {
        cwd: checkout,
        env: environment,
        stdin: "ignore",
        all: true,
        buffer: false,
        reject: false,
        // Ended by a signal it leaves the stack locked; asked to stop, it finishes what it is doing.
        cleanup: false,
        detached: true,
      });
      let interrupted = false;
      const stop = () => {
        interrupted = true;
        say("interrupted: the engine finishes what it is doing");
        engine.kill("SIGINT");
      };
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
      const last: string[] = [];
      const progress = new EngineProgress();
      const began = Date.now();
      let told = 0;
      try {
        for await (const line of engine.iterable({ from: "all" })) {
          if (line.trim() === "" || line.startsWith("@")) continue;
          last.push(line);
          if (last.length > keptLines) last.shift();
          const step = progress.take(line);
          if (step === undefined) continue;
          // In a log, a line now and then says enough, and the last one.
          const due = step.finished && (Date.now() - told >= logInterval || progress.complete);
          if (!say.live && !due) continue;
          told = Date.now();
          say(progress.line(step, (told - began) / 1000));
        }
        const result = await engine;
        if (!result.failed) return say.title(`pulumi up: the stack ${stack}, unmodified: ${summary(last)}`);
        if (interrupted) throw new JobError("Interrupted. The same command goes on where it was.");
        throw new JobError(
          [
            `pulumi up failed for the stack ${stack} (${result.signal ?? `exit code ${result.exitCode}`}). Its last words:`,
            ...last.map((line) => `  | ${line}`),
            "What to do: put right what it names, then run the same command again; it goes on where it was.",
          ].join("\n"),
        );
      } finally {
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
      }
    },
  };
}

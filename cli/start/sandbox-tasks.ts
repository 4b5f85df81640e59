import { up } from "@fleet/sandbox";
import { type BuildProgress, ensureToolchain, type Toolchain } from "@fleet/sandbox/toolchain";
import { duration } from "@fleet/sandbox/toolchain/progress";
import { type ProgressReporter, runSteps, type Step } from "./tasks.js";

/** The result of the first step, for the next one. */
export interface SandboxContext {
  toolchain?: Toolchain;
}

/** The stack and the sandbox that a step works on. */
export interface SandboxTarget {
  /** Stack whose cluster is started. */
  readonly stack: string;
  /** State directory of the sandbox. */
  readonly stateDirectory: string;
}

/** Builds the toolchain of the sandbox, as far as it is not built. */
export function toolchainStep<Context extends SandboxContext>(): Step<Context> {
  return {
    title: "Real parts of the sandbox",
    run: async (context, report) => {
      context.toolchain = await ensureToolchain({ onProgress: (progress) => reportBuild(progress, report) });
    },
  };
}

/** Starts the GitHub emulator and one cluster, as far as they do not run. */
export function sandboxStep<Context extends SandboxContext>({ stack, stateDirectory }: SandboxTarget): Step<Context> {
  return {
    title: `Sandbox: GitHub, and the cluster of ${stack}`,
    run: async ({ toolchain }, report) => {
      if (toolchain === undefined) throw new Error("The sandbox is started after its parts are there.");
      await up({ stack, stateDirectory, toolchain, onProgress: report });
    },
  };
}

/** Runs the steps of `fleet sandbox up`. */
export async function runSandboxUp(target: SandboxTarget): Promise<void> {
  const context: SandboxContext = {};
  await runSteps<SandboxContext>([toolchainStep(), sandboxStep(target)], context);
}

/** Seconds between two progress lines of a long build in a log. */
const logInterval = 30;

/** Prints the progress of the build: the estimate in the title, the current part below it. */
function reportBuild(progress: BuildProgress, report: ProgressReporter): void {
  const { phase, message, elapsedSeconds } = progress;
  const frequent = phase === "tick" || phase === "waiting";
  if (phase === "plan") {
    report.title(`Real parts of the sandbox: ${message}`);
    if (!report.live) report(message);
  } else if (phase === "ready") {
    report.title(`Real parts of the sandbox: all ${progress.total} there`);
  } else if (report.live) {
    report(`${message} (${duration(elapsedSeconds)} in all)`);
  } else if (!frequent || Math.floor(elapsedSeconds) % logInterval === 0) {
    report(message);
  }
}

import { type UpOptions, type UpResult, up } from "@fleet/sandbox";
import { type BuildProgress, ensureToolchain, type Toolchain } from "@fleet/sandbox/toolchain";
import { duration } from "@fleet/sandbox/toolchain/progress";
import { interruptible, isTerminal, type Progress, type Step } from "./tasks.js";

/** The results of the steps, for later ones. */
export interface SandboxContext {
  toolchain: Toolchain;
  /** The parts of the sandbox, and whether this command started them. */
  parts: readonly UpResult[];
}

const title = "Real parts of the sandbox";

/**
 * Builds the real parts of the sandbox, as far as they are not built.
 * @param parts names of the parts. @default all
 */
export function toolchainStep<Context extends SandboxContext>(parts?: readonly string[]): Step<Context> {
  return {
    title,
    task: async (context, task) => {
      const notes: string[] = [];
      const onProgress = (progress: BuildProgress) => {
        if (progress.phase === "supplied") notes.push(progress.message);
        reportBuild(progress, task);
        // On a terminal, the lines of the build have replaced these.
        if (progress.phase === "ready" && isTerminal) task.title = [progress.message, ...notes].join("\n");
      };
      context.toolchain = await ensureToolchain({ onProgress, ...(parts === undefined ? {} : { parts }) });
    },
  };
}

/** Starts the GitHub emulator and the cluster of a stack, as far as they do not run. */
export function sandboxStep<Context extends SandboxContext>(
  target: Pick<UpOptions, "stack" | "stateDirectory">,
): Step<Context> {
  return {
    title: `Sandbox: GitHub, and the cluster of ${target.stack}`,
    task: async (context, task) => {
      const onProgress = (line: string) => {
        task.output = line;
      };
      await interruptible(
        () => onProgress("interrupted: the parts that start become ready first"),
        async () => {
          context.parts = await up({ ...target, toolchain: context.toolchain, onProgress });
        },
      );
    },
  };
}

/** Seconds between two progress lines of a long build in a log. */
const logInterval = 30;

/** Prints the progress of the build: the estimate in the title, the current part below it. */
function reportBuild({ phase, message, elapsedSeconds }: BuildProgress, progress: Progress): void {
  if (phase === "ready") {
    progress.title = message;
    return;
  }
  if (phase === "plan") progress.title = `${title}: ${message}`;
  const isFrequent = phase === "tick" || phase === "waiting";
  if (isTerminal) {
    if (phase !== "plan") progress.output = `${message} (${duration(elapsedSeconds)} in all)`;
  } else if (!isFrequent || Math.floor(elapsedSeconds) % logInterval === 0) {
    progress.output = message;
  }
}

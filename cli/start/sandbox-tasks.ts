import { up } from "@fleet/sandbox";
import { type BuildProgress, ensureToolchain, type Toolchain } from "@fleet/sandbox/toolchain";
import { duration } from "@fleet/sandbox/toolchain/progress";
import { runSteps, type Say, type Step } from "./tasks.js";

/** What the steps hand on to each other. */
export interface SandboxContext {
  toolchain?: Toolchain;
}

/** Which environment of which sandbox a step is about. */
export interface SandboxTarget {
  /** Stack whose environment it is. */
  readonly stack: string;
  /** Where the sandbox keeps everything. */
  readonly stateDirectory: string;
}

/** Builds the real parts, or finds them built. */
export function toolchainStep<Context extends SandboxContext>(): Step<Context> {
  return {
    title: "Real parts of the sandbox",
    run: async (context, say) => {
      context.toolchain = await ensureToolchain({ onProgress: (progress) => tell(progress, say) });
    },
  };
}

/** Starts GitHub and one cluster, or finds them running. */
export function sandboxStep<Context extends SandboxContext>({ stack, stateDirectory }: SandboxTarget): Step<Context> {
  return {
    title: `Sandbox: GitHub, and the cluster of ${stack}`,
    run: async ({ toolchain }, say) => {
      if (toolchain === undefined) throw new Error("The sandbox is started after its parts are there.");
      await up({ stack, stateDirectory, toolchain, onProgress: say });
    },
  };
}

/** Everything that `fleet sandbox up` does. */
export async function runSandboxUp(target: SandboxTarget): Promise<void> {
  const context: SandboxContext = {};
  await runSteps<SandboxContext>([toolchainStep(), sandboxStep(target)], context);
}

/** Seconds between two signs of life of a long build in a log. */
const logInterval = 30;

/** Shows how the build is getting on: the estimate stays in the title, the part at hand below it. */
function tell(progress: BuildProgress, say: Say): void {
  const { phase, message, elapsedSeconds } = progress;
  const frequent = phase === "tick" || phase === "waiting";
  if (phase === "plan") {
    say.title(`Real parts of the sandbox: ${message}`);
    if (!say.live) say(message);
  } else if (phase === "ready") {
    say.title(`Real parts of the sandbox: all ${progress.total} there`);
  } else if (say.live) {
    say(`${message} (${duration(elapsedSeconds)} in all)`);
  } else if (!frequent || Math.floor(elapsedSeconds) % logInterval === 0) {
    say(message);
  }
}

import { Listr, type ListrTask, PRESET_TIMER } from "listr2";
import { JobError } from "../explain.js";

/** A step of a command. It gets the context, which earlier steps have filled, and its own {@link Progress}. */
export type Step<Context> = ListrTask<Context>;

/** The progress of a running step. */
export interface Progress {
  /** The title of the step. */
  title: string;
  /** A line to print. On a terminal, the next line replaces it. */
  output: string;
}

/** Whether this process prints to a terminal, where lines replace each other, so that frequent ones do no harm. */
export const isTerminal = process.stdout.isTTY === true;

/** Signals that interrupt a command. */
export const signals = ["SIGINT", "SIGTERM"] as const;

/**
 * Has a step end in order when a signal interrupts the command. The step fails then, however it ends.
 * @param onSignal called with each signal
 */
export async function interruptible<T>(onSignal: () => void, work: () => Promise<T>): Promise<T> {
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
    onSignal();
  };
  for (const signal of signals) process.on(signal, interrupt);
  const [outcome] = await Promise.allSettled([work()]);
  for (const signal of signals) process.off(signal, interrupt);
  if (interrupted) throw new JobError("Interrupted. Run the same command again to continue.");
  if (outcome.status === "rejected") throw outcome.reason;
  return outcome.value;
}

/**
 * Runs steps one after the other and prints their progress: in place on a terminal, line by line otherwise.
 * @param context for the steps to fill. @default - an empty one
 * @returns the context that the steps have filled
 * @throws the first error of a step
 */
export function runSteps<Context>(steps: readonly Step<Context>[], context?: Context): Promise<Context> {
  const list = new Listr<Context>([...steps], {
    renderer: "default",
    fallbackRenderer: "simple",
    fallbackRendererCondition: !isTerminal,
    // The caller prints the error. The steps handle Ctrl-C, because they have processes to end.
    rendererOptions: { showErrorMessage: false, collapseErrors: false, timer: PRESET_TIMER },
    fallbackRendererOptions: { timer: PRESET_TIMER },
    registerSignalListeners: false,
  });
  return list.run(context);
}

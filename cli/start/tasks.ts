import { Listr, type ListrTask, PRESET_TIMER } from "listr2";

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

/**
 * Runs steps one after the other and prints their progress: in place on a terminal, line by line otherwise.
 * @returns the context that the steps have filled
 * @throws the first error of a step
 */
export function runSteps<Context>(steps: readonly Step<Context>[]): Promise<Context> {
  const list = new Listr<Context>([...steps], {
    renderer: "default",
    fallbackRenderer: "simple",
    fallbackRendererCondition: !isTerminal,
    // The caller prints the error. The steps handle Ctrl-C, because they have processes to end.
    rendererOptions: { showErrorMessage: false, collapseErrors: false, timer: PRESET_TIMER },
    fallbackRendererOptions: { timer: PRESET_TIMER },
    registerSignalListeners: false,
  });
  return list.run();
}

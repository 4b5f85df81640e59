import { Listr, type ListrTask, PRESET_TIMER } from "listr2";

/** A step of a command. It reports its progress while it runs. */
export interface Step<Context> {
  readonly title: string;
  run(context: Context, report: ProgressReporter): Promise<void>;
}

/** Reports the progress of a step. */
export interface ProgressReporter {
  /** Prints a line. On a terminal, the next line replaces it. */
  (line: string): void;
  /** Changes the title of the step. */
  title(title: string): void;
  /** Whether lines replace each other, so that frequent ones do no harm. */
  readonly live: boolean;
}

/**
 * Runs steps one after the other and prints their progress: in place on a terminal, line by line otherwise.
 * @throws the first error of a step
 */
export async function runSteps<Context extends object>(
  steps: readonly Step<Context>[],
  context: Context,
): Promise<Context> {
  const live = process.stdout.isTTY === true;
  const tasks = steps.map(
    ({ title, run }): ListrTask<Context> => ({
      title,
      task: (_, task) => {
        const report = (line: string): void => {
          task.output = line;
        };
        const rename = (text: string): void => {
          task.title = text;
        };
        return run(context, Object.assign(report, { title: rename, live }));
      },
    }),
  );
  const list = new Listr(tasks, {
    renderer: "default",
    fallbackRenderer: "simple",
    fallbackRendererCondition: !live,
    // The caller prints the error. The steps handle Ctrl-C, because they have processes to end.
    rendererOptions: { showErrorMessage: false, collapseErrors: false, timer: PRESET_TIMER },
    fallbackRendererOptions: { timer: PRESET_TIMER },
    registerSignalListeners: false,
  });
  await list.run();
  return context;
}

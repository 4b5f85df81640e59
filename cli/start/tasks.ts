import { Listr, type ListrTask, PRESET_TIMER } from "listr2";

/** Something that takes a while, with a title; `say` tells how it is getting on, in one line. */
export interface Step<Context> {
  readonly title: string;
  run(context: Context, say: Say): Promise<void>;
}

/** How a step tells what it is doing while it does it. */
export interface Say {
  /** Shows a line; at a terminal the next one takes its place. */
  (line: string): void;
  /** Changes the title. */
  title(title: string): void;
  /** Whether lines replace each other: then frequent ones do no harm. */
  readonly live: boolean;
}

/**
 * Runs steps one after the other and shows how each is getting on: at a terminal in place, otherwise line by line.
 * Ends with the first error, which it throws.
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
        const say = (line: string): void => {
          task.output = line;
        };
        const rename = (text: string): void => {
          task.title = text;
        };
        return run(context, Object.assign(say, { title: rename, live }));
      },
    }),
  );
  const list = new Listr(tasks, {
    renderer: "default",
    fallbackRenderer: "simple",
    fallbackRendererCondition: !live,
    // The error is told once, by whoever called; and Ctrl-C is the steps' own business: they have something to end.
    rendererOptions: { showErrorMessage: false, collapseErrors: false, timer: PRESET_TIMER },
    fallbackRendererOptions: { timer: PRESET_TIMER },
    registerSignalListeners: false,
  });
  await list.run();
  return context;
}

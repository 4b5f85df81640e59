/** Runs tasks, a few at a time, in the order in which they came. */
export type Slots = <Result>(task: () => Promise<Result>) => Promise<Result>;

/** @param most tasks at a time */
export function slotsFor(most: number): Slots {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      // A slot goes to the next task, and is free without one.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

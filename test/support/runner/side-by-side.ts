/**
 * Does several things, at most so many of them at a time: the next begins when one has ended.
 * @param jobs how many at a time
 * @param goOn asked before each; nothing more is begun once it says no
 * @returns the results of what was begun, in the order of `tasks`
 * @throws the first error, when everything that was begun has ended
 */
export async function sideBySide<T>(
  jobs: number,
  tasks: readonly (() => Promise<T>)[],
  goOn: () => boolean = () => true,
): Promise<T[]> {
  const results: Promise<T>[] = [];
  const lane = async (): Promise<void> => {
    for (;;) {
      const task = tasks[results.length];
      if (task === undefined || !goOn()) return;
      const result = task();
      results.push(result);
      await Promise.allSettled([result]);
    }
  };
  await Promise.all(Array.from({ length: jobs }, lane));
  return Promise.all(results);
}

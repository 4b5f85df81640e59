/**
 * The results of everything, once all of it has ended: what is still under way must not outlive what it works on.
 * @throws the first error, in the order of `promises`
 */
export async function allEnded<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

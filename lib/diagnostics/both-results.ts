/**
 * The results of two tasks that run at the same time, once both have ended.
 * @throws the error of the first task if both fail, whichever fails earlier
 */
export async function bothResults<First, Second>(
  first: Promise<First>,
  second: Promise<Second>,
): Promise<readonly [First, Second]> {
  const [one, other] = await Promise.allSettled([first, second]);
  if (one.status === "rejected") throw one.reason;
  if (other.status === "rejected") throw other.reason;
  return [one.value, other.value];
}

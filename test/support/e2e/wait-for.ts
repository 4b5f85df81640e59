import pWaitFor from "p-wait-for";
import { messageOf } from "../../../lib/diagnostics/problem.js";

/** How long to wait, and what to say when it was in vain. */
export interface WaitForArgs {
  /** ms. @default 60 000 */
  readonly timeout?: number;
  /** ms between two looks. @default 250 */
  readonly interval?: number;
  /** The awaited condition, and the current state: read when the time is over. */
  readonly describe: () => string | Promise<string>;
}

/**
 * Waits until a condition gives something other than `undefined` or `false`, and answers with that. A condition that
 * throws does not hold yet; its last error is part of the message.
 * @throws after the time-out, with the description
 */
export async function waitFor<T>(
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  { timeout = 60_000, interval = 250, describe }: WaitForArgs,
): Promise<T> {
  const deadline = Date.now() + timeout;
  let last: unknown;
  const found = await pWaitFor<{ value: T } | "late">(
    async () => {
      try {
        const value = await condition();
        if (value !== undefined && value !== false) return pWaitFor.resolveWith({ value });
        last = undefined;
      } catch (error) {
        last = error;
      }
      return Date.now() > deadline ? pWaitFor.resolveWith("late" as const) : false;
    },
    { interval },
  );
  if (found !== "late") return found.value;
  const words = last === undefined ? "" : ` The last attempt: ${messageOf(last)}`;
  throw new Error(`Not within ${timeout / 1000} s: ${await describe()}.${words}`);
}

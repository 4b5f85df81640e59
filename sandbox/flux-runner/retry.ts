import { setTimeout as pause } from "node:timers/promises";
import { ApiException } from "@kubernetes/client-node";
import { type Log, reasonOf } from "./runner-log.js";

/** Pauses between attempts, in ms: the first, and the longest that doubling leads to. */
const firstPause = 250;
const longestPause = 10_000;

/**
 * Does something against the API server until it succeeds: a server that is restarting must not leave a pod without a
 * token or a status. It is over when the signal is aborted or the server answers that trying again is pointless.
 * @param over HTTP codes that say so. @default 404, the object is gone; 409, it is another one of the same name
 * @returns the result, or `undefined` when it is over
 */
export async function persist<T>(
  what: string,
  action: () => Promise<T>,
  log: Log,
  signal: AbortSignal,
  over: readonly number[] = [404, 409],
): Promise<T | undefined> {
  for (let wait = firstPause; !signal.aborted; wait = Math.min(wait * 2, longestPause)) {
    try {
      return await action();
    } catch (error) {
      if (error instanceof ApiException && over.includes(error.code)) return undefined;
      log(`${what} failed, it is tried again in ${wait} ms: ${reasonOf(error)}`);
    }
    await interrupted(wait, signal);
  }
  return undefined;
}

/** Waits for a time, or until the signal is aborted; never rejects. */
export async function interrupted(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

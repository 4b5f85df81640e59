import { ApiException } from "@kubernetes/client-node";
import { Backoff } from "../lib/backoff.js";
import { sleep } from "../lib/sleep.js";
import { type Log, reasonOf } from "./runner-log.js";

/**
 * Calls the API server until it succeeds: a server that restarts must not leave a pod without a token or a status. It
 * stops when the signal is aborted, or when the server's answer makes another attempt pointless.
 * @param over HTTP codes of such answers. @default 404, the object is gone; 409, it is another one of the same name
 * @returns the result, or `undefined` when it stopped
 */
export async function retry<T>(
  what: string,
  action: () => Promise<T>,
  log: Log,
  signal: AbortSignal,
  over: readonly number[] = [404, 409],
): Promise<T | undefined> {
  const backoff = new Backoff(250, 10_000);
  while (!signal.aborted) {
    const delay = backoff.next();
    try {
      return await action();
    } catch (error) {
      if (error instanceof ApiException && over.includes(error.code)) return undefined;
      log(`${what} failed, it is tried again in ${delay} ms: ${reasonOf(error)}`);
    }
    await sleep(delay, signal);
  }
  return undefined;
}

import { setTimeout as delay } from "node:timers/promises";
import { definedOnly } from "../data/defined-only.js";
import { type BeginWait, beginWait } from "../time/waits.js";

/** Limits of the requests to GitHub. */
export interface RequestLimits {
  /** Milliseconds for a complete answer. */
  readonly timeoutMs: number;
  /** Begins the wait for an answer. */
  readonly begin: BeginWait;
  /** Milliseconds that a request may wait for GitHub's rate limits, all waits together. */
  readonly maxWaitMs: number;
  readonly wait: (milliseconds: number) => Promise<unknown>;
  /** Tells the user why nothing happens. */
  readonly warn: (message: string) => void;
}

/** GitHub answers within a second, and ends requests itself after ten. Its secondary limits last a minute or a few. */
export const DEFAULT_LIMITS: RequestLimits = {
  timeoutMs: 30_000,
  begin: beginWait,
  maxWaitMs: 10 * 60_000,
  wait: (milliseconds) => delay(milliseconds),
  warn: (message) => console.warn(message),
};

/** GitHub did not answer in time. Octokit does not repeat a request that failed with an `AbortError`. */
export class NoAnswer extends Error {
  override readonly name = "AbortError";
}

/** The parts of a request that are sent. */
export interface SentRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** JSON, as Octokit writes it. */
  readonly body?: string;
  /** Ends the request, beside the time-out. */
  readonly signal?: AbortSignal;
}

/**
 * A `fetch` for Octokit with a time-out for the whole answer. It waits as GitHub asks when a rate limit is used up,
 * which GitHub answers with 403 or 429.
 * @see https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 * @param send sends one request
 */
export function limitedFetch(send: typeof globalThis.fetch, limits: RequestLimits = DEFAULT_LIMITS) {
  return async (url: string, init: SentRequest): Promise<Response> => {
    let waited = 0;
    for (let attempt = 0; ; attempt += 1) {
      const response = await complete(send, url, init, limits);
      const pause = await pauseOf(response, attempt);
      if (pause === undefined || waited + pause > limits.maxWaitMs) return response;
      waited += pause;
      limits.warn(`GitHub's rate limit is used up: waiting ${Math.ceil(pause / 1000)} s, as GitHub asks.`);
      await limits.wait(pause);
    }
  };
}

/**
 * The answer with its whole body. Octokit takes a body that breaks off for an empty one, and the time-out must cover it.
 * @throws NoAnswer after the time-out
 */
async function complete(
  send: typeof globalThis.fetch,
  url: string,
  { method, headers, body: content, signal: further }: SentRequest,
  { timeoutMs, begin }: RequestLimits,
): Promise<Response> {
  const wait = begin(timeoutMs);
  const signal = further === undefined ? wait.signal : AbortSignal.any([wait.signal, further]);
  try {
    const answer = await send(url, { ...definedOnly({ method, headers, body: content }), signal });
    const body = await answer.arrayBuffer();
    const { status, statusText } = answer;
    const init = { status, statusText, headers: answer.headers };
    return new Response(body.byteLength === 0 ? null : body, init);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new NoAnswer(`there was no complete answer ${wait.limit}`, { cause: error });
  }
}

/** Milliseconds that GitHub asks to wait before the next request. Undefined when no rate limit is the reason. */
async function pauseOf(response: Response, attempt: number): Promise<number | undefined> {
  const { status, headers } = response;
  if (status !== 403 && status !== 429) return undefined;
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const reset = Number(headers.get("x-ratelimit-reset") ?? Number.NaN);
  if (headers.get("x-ratelimit-remaining") === "0" && Number.isFinite(reset)) {
    return Math.max(1000, reset * 1000 - Date.now());
  }
  const isSecondary = status === 429 || /secondary rate limit/i.test(await response.clone().text());
  return isSecondary ? 60_000 * 2 ** attempt : undefined;
}

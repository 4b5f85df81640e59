import { setInterval } from "node:timers/promises";
import type { Emulator } from "../support/e2e/emulator.js";
import type { LoggedRequest } from "./costs.js";

/** ms between two looks. */
const interval = 2000;

/**
 * Collects every request that GitHub gets while something runs. The emulator keeps the latest thousand in full, so it is
 * asked now and then.
 */
export async function recordRequests(github: Emulator, run: () => Promise<unknown>): Promise<LoggedRequest[]> {
  const requests: LoggedRequest[] = [];
  await github.resetRequests();
  const finished = new AbortController();
  const collecting = collectUntil(finished.signal, look);
  try {
    await run();
  } finally {
    finished.abort();
    await collecting;
  }
  await look();
  return requests;

  async function look(): Promise<void> {
    const { total, requests: latest } = await github.requests();
    const first = total - latest.length;
    if (first > requests.length) {
      throw new Error(
        `GitHub got more than the ${latest.length} requests that it remembers between two looks: look more often.`,
      );
    }
    // Those that are known already come again: what was on its way at the last look has a status by now.
    requests.splice(first, requests.length, ...latest);
  }
}

async function collectUntil(signal: AbortSignal, look: () => Promise<void>): Promise<void> {
  try {
    for await (const _ of setInterval(interval, undefined, { signal })) await look();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

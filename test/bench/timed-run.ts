import type { Emulator } from "../support/e2e/emulator.js";
import type { LoggedRequest } from "./costs.js";
import { recordRequests } from "./request-recorder.js";
import { secondsOf } from "./stopwatch.js";

/** A job, timed, with its requests to GitHub. */
export interface TimedRun {
  readonly seconds: number;
  /** ms since 1970. */
  readonly began: number;
  readonly requests: readonly LoggedRequest[];
}

/** Runs a job, measures its time and records its requests to GitHub. */
export async function timedRun(github: Emulator, run: () => Promise<unknown>): Promise<TimedRun> {
  const began = Date.now();
  let seconds = 0;
  const requests = await recordRequests(github, async () => {
    seconds = await secondsOf(run);
  });
  return { seconds, began, requests };
}

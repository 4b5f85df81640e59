import { type Clock, processClock } from "../../lib/time/waits.js";

/** The most milliseconds before this process that count: a clock that was set meanwhile must not take all of the look. */
const longestMs = 10_000;

/**
 * The clock of a command. It counts from the start of the process that a person started, which may have started this one.
 * @param environment has the start of that process in milliseconds since 1970. @default - this is that process
 * @param ownStart start of this process, in milliseconds since 1970
 * @param own clock of this process
 */
export function commandClock(
  { FLEET_STARTED_AT: startedAt }: Readonly<Record<string, string | undefined>>,
  ownStart = performance.timeOrigin,
  own = processClock,
): Clock {
  const earlier = ownStart - Number.parseFloat(startedAt ?? "");
  // NaN, without a number, is not greater.
  const before = earlier > 0 ? Math.min(earlier, longestMs) : 0;
  return { timeout: own.timeout, now: () => own.now() + before };
}

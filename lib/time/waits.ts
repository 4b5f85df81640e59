/** A wait that has begun. */
export interface Wait {
  /** Aborted when the wait must end. */
  readonly signal: AbortSignal;
  /** Its limit, for a message: `within 2.5 s`. */
  readonly limit: string;
  /** Its length. */
  readonly milliseconds: number;
}

/** Begins a wait of at most some milliseconds. */
export type BeginWait = (milliseconds: number) => Wait;

/** The clock of waits. */
export interface Clock {
  /** Milliseconds since the process started, or the command that it is a part of. */
  readonly now: () => number;
  /** A signal that is aborted after some milliseconds. */
  readonly timeout: (milliseconds: number) => AbortSignal;
}

/** The clock of this process. */
export const processClock: Clock = {
  now: () => performance.now(),
  timeout: (milliseconds) => AbortSignal.timeout(milliseconds),
};

/** Begins a wait that nothing else limits. */
export const beginWait: BeginWait = (milliseconds) => ({
  signal: processClock.timeout(milliseconds),
  limit: `within ${milliseconds / 1000} s`,
  milliseconds,
});

/**
 * Begins waits of which none outlasts a deadline. However many follow one another, they end by then.
 * @param end returns the deadline, on the clock
 */
export function waitsUntil(end: () => number, clock: Clock): BeginWait {
  return (milliseconds) => {
    const left = Math.max(0, Math.floor(end() - clock.now()));
    const limit = milliseconds <= left ? `within ${milliseconds / 1000} s` : "within the time of the whole command";
    const length = Math.min(milliseconds, left);
    return { signal: clock.timeout(length), limit, milliseconds: length };
  };
}

import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../../lib/time/waits.js";

interface Timer {
  readonly at: number;
  readonly ring: () => void;
}

/** A clock that stands still until a test moves it. Nothing of it depends on how fast the machine is. */
export class FakeClock implements Clock {
  #now: number;
  #timers: Timer[] = [];
  #begun = 0;

  /** @param now milliseconds since the start of the process */
  constructor(now = 0) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  readonly timeout = (milliseconds: number): AbortSignal => {
    const ended = new AbortController();
    this.#begun += 1;
    this.#timers.push({ at: this.#now + milliseconds, ring: () => ended.abort() });
    return ended.signal;
  };

  /** Resolves after some milliseconds of this clock. Never for Infinity. */
  async delay(milliseconds: number): Promise<void> {
    if (milliseconds === Number.POSITIVE_INFINITY) return await new Promise(() => undefined);
    await new Promise<void>((resolve) => this.#timers.push({ at: this.#now + milliseconds, ring: resolve }));
  }

  /** Number of waits that have begun so far. */
  waits(): number {
    return this.#begun;
  }

  /** Ends the waits that have begun, in their order. @param most of them @default - all */
  ring(most = this.#timers.length): void {
    for (const { ring } of this.#timers.splice(0, most)) ring();
  }

  /**
   * Moves on from timer to timer until work ends that uses nothing but this clock.
   * @throws Error for work that waits for no timer, so that it would never end
   */
  async settle<Result>(work: Promise<Result>): Promise<Result> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    done.catch(() => undefined);
    for (;;) {
      // Promises that follow one another need some turns.
      for (let turn = 0; turn < 10; turn += 1) await nextTurn();
      if (isDone) return await done;
      const next = Math.min(...this.#timers.map(({ at }) => at));
      if (!Number.isFinite(next)) throw new Error("the work waits for something without a limit");
      this.#now = Math.max(this.#now, next);
      const due = this.#timers.filter(({ at }) => at <= this.#now);
      this.#timers = this.#timers.filter(({ at }) => at > this.#now);
      for (const { ring } of due) ring();
    }
  }
}

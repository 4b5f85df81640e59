/** Delays between attempts: each is twice the one before, up to a longest. */
export class Backoff {
  readonly #first: number;
  readonly #longest: number;
  #next: number;

  /**
   * @param first the first delay, in ms
   * @param longest the longest delay, in ms
   */
  constructor(first: number, longest: number) {
    this.#first = first;
    this.#longest = longest;
    this.#next = first;
  }

  /** The delay before the next attempt, in ms. */
  next(): number {
    const delay = this.#next;
    this.#next = Math.min(delay * 2, this.#longest);
    return delay;
  }

  /** Begins again with the first delay. */
  reset(): void {
    this.#next = this.#first;
  }
}

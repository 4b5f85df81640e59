/** One request as the emulator remembers it. */
export interface LoggedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** The route's pattern: `/api/v3/repos/:owner/:repo`; the plain path where no route matched. */
  readonly route: string;
  /** HTTP status; 0 while it runs, and for good when a fault dropped it. */
  status: number;
  /** ISO 8601. */
  readonly at: string;
}

/** Counts requests, so that tests and benchmarks can say what a program costs. */
export class RequestLog {
  readonly #keep: number;
  #counts = new Map<string, number>();
  #latest: LoggedRequest[] = [];
  #total = 0;

  /** @param keep how many of the latest requests to keep in full */
  constructor(keep: number) {
    this.#keep = keep;
  }

  /** Notes that a request has come; its status is filled in when it is answered. */
  begin(request: Omit<LoggedRequest, "status" | "at">): LoggedRequest {
    const entry = { ...request, status: 0, at: new Date().toISOString() };
    const key = `${request.method} ${request.route}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    this.#total++;
    this.#latest.push(entry);
    if (this.#latest.length > this.#keep) this.#latest.shift();
    return entry;
  }

  /** Forgets everything. */
  reset(): void {
    this.#counts = new Map();
    this.#latest = [];
    this.#total = 0;
  }

  /**
   * The requests since the last reset.
   * @param limit how many of the latest requests to list
   */
  report(limit: number): { total: number; writes: number; counts: Record<string, number>; requests: LoggedRequest[] } {
    const counts = Object.fromEntries([...this.#counts].sort(([one], [other]) => one.localeCompare(other)));
    const isWrite = ([key]: [string, number]): boolean =>
      !/^(GET|HEAD|OPTIONS) /.test(key) && !/\/git-upload-pack$/.test(key);
    const writes = [...this.#counts].filter(isWrite).reduce((sum, [, count]) => sum + count, 0);
    return { total: this.#total, writes, counts, requests: limit === 0 ? [] : this.#latest.slice(-limit) };
  }
}

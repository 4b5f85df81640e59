import { existsSync, renameSync } from "node:fs";
import { Backoff } from "../lib/backoff.js";
import { type Child, type ChildExit, type ChildSpec, startChild } from "./child.js";
import { logLine } from "./log-line.js";
import { ProcessRegistry } from "./orphans.js";
import { lostPort } from "./ports.js";

/** A component ended unasked. */
export class ChildFailure extends Error {
  /** Whether it ended because another process had taken its port. */
  readonly lostPort: boolean;

  constructor(child: Child, exit: ChildExit) {
    const log = child.lastLines(20);
    super(`${child.spec.name} ended ${how(exit)}. The end of its log (${child.spec.log}):\n${log}`);
    this.name = "ChildFailure";
    this.lostPort = lostPort(log);
  }
}

/** The first and the longest delay before a component that ended is started again, in ms. */
const firstDelay = 500;
const longestDelay = 30_000;

/**
 * Runs components and keeps them running.
 *
 * Until `guard()` is called the end of one is a failure of the whole start (`failed` rejects); afterwards it is
 * started again, later each time.
 */
export class Supervisor {
  /** Rejects with a `ChildFailure` when a component ends before `guard()`; never resolves. */
  readonly failed: Promise<never>;
  readonly #children = new Map<string, Child>();
  readonly #restarts = new Set<NodeJS.Timeout>();
  readonly #registry: ProcessRegistry;
  #fail: (failure: ChildFailure) => void = () => undefined;
  #failure: ChildFailure | undefined;
  #guarding = false;
  #stopping = false;

  /** @param records file that says which processes run, see `endOrphans` */
  constructor(records: string) {
    this.#registry = new ProcessRegistry(records, () =>
      [...this.#children.values()].map((child) => ({ name: child.spec.name, pid: child.pid })),
    );
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // If a start fails elsewhere, no caller awaits this promise; its rejection must not end the host.
    this.failed.catch(() => undefined);
  }

  /** Starts a component, with a fresh log; that of the last run is kept as `NAME.previous.log`. */
  async start(spec: ChildSpec): Promise<void> {
    if (existsSync(spec.log)) renameSync(spec.log, spec.log.replace(/\.log$/, ".previous.log"));
    await this.#run(spec, new Backoff(firstDelay, longestDelay));
  }

  /**
   * From now on a component that ends is started again.
   * @throws ChildFailure when one ended before
   */
  guard(): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#guarding = true;
  }

  /** Process ids of what runs now. */
  pids(): number[] {
    return [...this.#children.values()].map((child) => child.pid);
  }

  /** The child that runs under a name. */
  child(name: string): Child | undefined {
    return this.#children.get(name);
  }

  /**
   * Ends all components in the reverse order of their start, waiting for each: the API server must not lose its
   * database while it still serves.
   * @param gracePeriodMs ms before a component is killed
   */
  async stop(gracePeriodMs: number): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#restarts) clearTimeout(timer);
    for (const child of [...this.#children.values()].reverse()) await child.stop(gracePeriodMs);
    this.#children.clear();
    await this.#registry.update();
  }

  async #run(spec: ChildSpec, backoff: Backoff): Promise<void> {
    const child = await startChild(spec);
    if (this.#stopping) {
      // The stop came while this one was being started, so it was not among those that were ended.
      await child.stop(0);
      return;
    }
    this.#children.set(spec.name, child);
    await this.#registry.update();
    void child.exited.then((exit) => this.#ended(child, exit, backoff));
  }

  #ended(child: Child, exit: ChildExit, backoff: Backoff): void {
    if (this.#stopping) return;
    if (!this.#guarding) {
      this.#failure ??= new ChildFailure(child, exit);
      this.#fail(this.#failure);
      return;
    }
    // A component that ran well for a while is restarted soon.
    if (Date.now() - child.startedAt > longestDelay) backoff.reset();
    const delay = backoff.next();
    note(child.spec, `ended ${how(exit)}; it is started again in ${delay} ms`);
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      this.#run(child.spec, backoff).catch((error: unknown) => {
        note(child.spec, `could not be started again: ${String(error)}`);
      });
    }, delay);
    this.#restarts.add(timer);
  }
}

/** Writes into the log of a component what was done to it from outside. */
function note(spec: ChildSpec, text: string): void {
  logLine(spec.log, `fleet: ${spec.name} ${text}`);
}

function how({ code, signal }: ChildExit): string {
  return signal === null ? `with exit code ${code}` : `by ${signal}`;
}

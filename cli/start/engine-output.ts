import { duration } from "@fleet/sandbox/toolchain/progress";

/** One step of the engine on a resource. The state is `creating`, `created`, `updated`… */
type EngineStep = NonNullable<ReturnType<typeof parseStep>>;

/**
 * Reads a step from a line of the engine's log. Undefined for any other line.
 *
 *     +  kubernetes:core/v1:Namespace team-payments-namespace created (0.37s)
 */
export function parseStep(line: string) {
  const match = /^\s*[-+~]+\s+(\S+)\s+(\S+)\s+((?:creat|updat|delet|replac)(?:ing|ed))\b/.exec(line);
  if (match === null) return undefined;
  const [, type = "", name = "", state = ""] = match;
  return { type, name, state, finished: state.endsWith("ed") };
}

/**
 * Reads the number of planned changes from a line of a preview. Undefined for any other line.
 *
 *     + 175 to create
 *     +-1 to replace
 */
export function parsePlanned(line: string): number | undefined {
  const count = /^\s+(?:\+-|[-+~])\s*(\d+) to (?:create|update|delete|replace)\s*$/.exec(line)?.[1];
  return count === undefined ? undefined : Number(count);
}

/** The engine's summary of its changes: `+ 106 created`. */
export function summary(lines: readonly string[]): string {
  const start = lines.lastIndexOf("Resources:");
  const counts = start < 0 ? [] : lines.slice(start + 1).filter((line) => /^\s+.*\d+ \w+/.test(line));
  return counts.length === 0 ? "done" : counts.map((line) => line.trim()).join(", ");
}

/** The progress of the engine, measured by its preview. */
export class EngineProgress {
  #planned = 0;
  /** A replacement has several steps and counts once. */
  readonly #finished = new Set<string>();

  /** Reads a line of the engine's log. Returns the step in it, if any. */
  take(line: string): EngineStep | undefined {
    this.#planned += parsePlanned(line) ?? 0;
    const step = parseStep(line);
    // The engine never logs that a component, such as `fleet:tenant:Tenant`, is finished.
    if (step?.finished || step?.type.startsWith("fleet:")) this.#finished.add(`${step.type} ${step.name}`);
    return step;
  }

  /** Whether every planned change is done. */
  get complete(): boolean {
    return this.#planned > 0 && this.#finished.size >= this.#planned;
  }

  /**
   * `57 of 175, 21 s: Namespace team-payments-namespace created`
   * @param seconds since the engine was started
   */
  line({ type, name, state }: EngineStep, seconds: number): string {
    const total = this.#planned > 0 ? `of ${this.#planned}` : "done";
    return `${this.#finished.size} ${total}, ${duration(seconds)}: ${type.split(":").pop()} ${name} ${state}`;
  }
}

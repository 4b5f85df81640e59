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
  const counts = start < 0 ? [] : lines.slice(start + 1).filter((line) => /^\s.*\d \w/.test(line));
  return counts.length === 0 ? "done" : counts.map((line) => line.trim()).join(", ");
}

/** Who holds the stack's lock, by the engine's own words: `ann@laptop (pid 9781) since 2026-11-26T08:47:22Z`. */
export function lockHolders(lines: readonly string[]): readonly string[] {
  const start = lines.findIndex((line) => line.includes("the stack is currently locked by"));
  if (start < 0) return [];
  const holders = lines.slice(start + 1).flatMap((line) => {
    const [, who, since] = / created by (.+ \(pid \d+\)) at (\S+)/.exec(line) ?? [];
    return who === undefined ? [] : [`${who} since ${since}`];
  });
  return holders.length > 0 ? holders : ["The engine does not say which one."];
}

/** Whether a line of a preview is about a change: ` +  kubernetes:core/v1:Namespace team-a-namespace create`. */
function isPlannedStep(line: string): boolean {
  return /^\s*[-+~]+\s+\S+:\S+\s+\S+\s+(?:create|update|delete|replace)\b/.test(line);
}

/** The progress of the engine: of its preview, and then of the update, measured by the preview. */
export class EngineProgress {
  #planned = 0;
  #found = 0;
  #updating = false;
  /** A replacement has several steps and counts once. */
  readonly #finished = new Set<string>();

  /** Reads a line of the engine's log. Returns the step in it, if any. */
  take(line: string): EngineStep | undefined {
    this.#updating ||= line.startsWith("Updating (");
    this.#planned += parsePlanned(line) ?? 0;
    if (!this.#updating && isPlannedStep(line)) this.#found += 1;
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
   * `preview, 12 s: 57 changes so far`. Undefined after the preview. The engine itself prints nothing for a resource
   * without a change, so the time is all that moves.
   * @param seconds since the engine was started
   */
  previewLine(seconds: number): string | undefined {
    if (this.#updating) return undefined;
    const found = this.#found === 0 ? "no change" : `${this.#found} ${this.#found === 1 ? "change" : "changes"}`;
    return `preview, ${duration(seconds)}: ${found} so far`;
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

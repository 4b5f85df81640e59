import { duration } from "@fleet/sandbox/toolchain/progress";

/** One line of the engine's progress. */
export interface EngineStep {
  /** Type of the resource, with its module. */
  readonly type: string;
  readonly name: string;
  /** `creating`, `created`, `updated`… */
  readonly state: string;
  readonly finished: boolean;
}

/**
 * Reads a line of the engine's progress; `undefined` when it is something else.
 *
 *     +  kubernetes:core/v1:Namespace team-payments-namespace created (0.37s)
 */
export function parseStep(line: string): EngineStep | undefined {
  const match = /^\s*[-+~]+\s+(\S+)\s+(\S+)\s+(creat|updat|delet|replac)(ing|ed)\b/.exec(line);
  if (match === null) return undefined;
  const [, type = "", name = "", verb = "", tense = ""] = match;
  return { type, name, state: verb + tense, finished: tense === "ed" };
}

/**
 * Resources that a line of a preview's count announces; `undefined` when it is something else.
 *
 *     + 175 to create
 *     +-1 to replace
 */
export function parsePlanned(line: string): number | undefined {
  const count = /^\s+(?:\+-|[-+~])\s*(\d+) to (?:create|update|delete|replace)\s*$/.exec(line)?.[1];
  return count === undefined ? undefined : Number(count);
}

/** The engine's own count of what it did: `+ 106 created`. */
export function summary(lines: readonly string[]): string {
  const start = lines.lastIndexOf("Resources:");
  const counts = start < 0 ? [] : lines.slice(start + 1).filter((line) => /^\s+.*\d+ \w+/.test(line));
  return counts.length === 0 ? "done" : counts.map((line) => line.trim()).join(", ");
}

/** Types of the program's components. They do nothing themselves, and the engine says of none that it is finished. */
const ownComponents = "fleet:";

/** How far the engine is with what its preview announced. */
export class EngineProgress {
  #planned = 0;
  /** A resource that is replaced is made, replaced and deleted, and yet is one. */
  readonly #finished = new Set<string>();

  /**
   * Takes in a line of the engine's output.
   * @returns the step that it tells of, if any
   */
  take(line: string): EngineStep | undefined {
    this.#planned += parsePlanned(line) ?? 0;
    const step = parseStep(line);
    if (step?.finished || step?.type.startsWith(ownComponents)) this.#finished.add(`${step.type} ${step.name}`);
    return step;
  }

  /** Whether all that the preview announced is done. */
  get complete(): boolean {
    return this.#planned > 0 && this.#finished.size >= this.#planned;
  }

  /**
   * `57 of 175, 21 s: Namespace team-payments-namespace created`
   * @param seconds since the engine was started
   */
  line({ type, name, state }: EngineStep, seconds: number): string {
    const done = this.#finished.size;
    const count = this.#planned > 0 ? `${done} of ${this.#planned}` : `${done} done`;
    return `${count}, ${duration(seconds)}: ${type.split(":").pop()} ${name} ${state}`;
  }
}

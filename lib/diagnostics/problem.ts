/** One problem of the input, with its place and its remedy. */
export interface Problem {
  /** File, relative to the checkout: `stacks/staging/tenants/team-a.yaml`; or `environment`. */
  readonly file: string;
  /** Line in that file, counted from 1. @default - the problem concerns the whole file, or the line is unknown */
  readonly line?: number | undefined;
  /** Field, dotted: `sync.interval`; `fleet:KEY` for configuration; empty when the problem concerns the whole file. */
  readonly path: string;
  /** The problem, without a period at its end. */
  readonly message: string;
  /** The remedy, as a sentence. @default - the message is enough */
  readonly fix?: string | undefined;
  /** The tenant that the problem concerns, where the file is shared: `mergeSubjects` puts it into the message. @default - all */
  readonly subject?: string;
}

/** The problem on one line: `FILE:LINE: PATH: MESSAGE. FIX.` */
export function problemLine({ file, line, path, message, fix = "" }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}`;
  const sentences = [message, fix].filter((text) => text !== "");
  const text = sentences.map((sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`)).join(" ");
  return [place, path, text].filter((part) => part !== "").join(": ");
}

/** Order of problems: file by file, from the top of each, so that an author works through them once. */
export function compareProblems(a: Problem, b: Problem): number {
  return (
    compareText(a.file, b.file) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    compareText(a.path, b.path) ||
    compareText(a.message, b.message)
  );
}

/** By code unit, not by locale: the order must be the same on every machine. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** All problems of the input at once. Its message has one line for each problem, sorted. */
export class FleetError extends Error {
  override readonly name = "FleetError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const sorted = [...problems].sort(compareProblems);
    // Two checks may find the same problem. It is reported once.
    const distinct = new Map(sorted.map((problem) => [problemLine(problem), problem]));
    super([...distinct.keys()].join("\n"));
    this.problems = Object.freeze([...distinct.values()]);
  }
}

/** The error of one problem. */
export function fleetError(file: string, path: string, message: string, fix?: string): FleetError {
  return new FleetError([{ file, path, message, fix }]);
}

/** The message of anything that was thrown: an error's own, or its text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

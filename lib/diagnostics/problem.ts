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
}

/** The problem on one line: `FILE:LINE: PATH: MESSAGE. FIX.` */
export function problemLine(problem: Problem): string {
  const place = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
  const sentences = [problem.message, problem.fix ?? ""].filter((text) => text !== "").map(sentence);
  return [place, problem.path, sentences.join(" ")].filter((part) => part !== "").join(": ");
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

/** All problems of the input at once. Its message has one line for each problem, sorted. */
export class FleetError extends Error {
  override readonly name = "FleetError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const sorted = distinct([...problems].sort(compareProblems));
    super(sorted.map(problemLine).join("\n"));
    this.problems = Object.freeze(sorted);
  }
}

/** Two checks may find the same problem. It is reported once. */
function distinct(problems: readonly Problem[]): Problem[] {
  const lines = new Set<string>();
  return problems.filter((problem) => {
    const line = problemLine(problem);
    const isNew = !lines.has(line);
    lines.add(line);
    return isNew;
  });
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** By code unit, not by locale: the order must be the same on every machine. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

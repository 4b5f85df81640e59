/** One thing that is wrong with the input, said so that its author can put it right without reading this program. */
export interface Problem {
  /** Where it is written, relative to the checkout: `stacks/staging/tenants/team-a.yaml`; or `environment`. */
  readonly file: string;
  /** Line in that file, counted from 1. @default - the file is wrong as a whole, or its lines are not known */
  readonly line?: number | undefined;
  /** Field, dotted: `sync.interval`; `fleet:KEY` for configuration; empty when the file is wrong as a whole. */
  readonly path: string;
  /** What is wrong, without a period at its end. */
  readonly message: string;
  /** What to do about it, as a sentence. @default - the message says it all */
  readonly fix?: string | undefined;
}

/** The problem on one line: `FILE:LINE: PATH: what is wrong. What to do.` */
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

/** Everything that is wrong with the input, at once; its message has one line for each problem, sorted. */
export class FleetError extends Error {
  override readonly name = "FleetError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const sorted = distinct([...problems].sort(compareProblems));
    super(sorted.map(problemLine).join("\n"));
    this.problems = Object.freeze(sorted);
  }
}

/** Two checks may find the same fault; its author needs to hear of it once. */
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

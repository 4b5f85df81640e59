import { FleetError, type Problem } from "./problem.js";

/** Tasks by name. */
type Tasks<Results> = { readonly [Name in keyof Results]: Promise<Results[Name]> };

/** The results of all tasks that succeeded, and the problems of all that failed. */
export interface Collected<Results> {
  /** Results by the name of their task. */
  readonly results: Partial<Results>;
  readonly problems: readonly Problem[];
}

/**
 * The problems of a FleetError.
 * @throws any other error: it is a defect of this program, and its stack trace is needed
 */
export function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof FleetError) return error.problems;
  throw error;
}

/**
 * Waits for every task, so that the problems of one do not hide those of another.
 * @throws the error of a task that failed with anything but a FleetError
 */
export async function collectProblems<Results extends object>(tasks: Tasks<Results>): Promise<Collected<Results>> {
  const results: Partial<Results> = {};
  const problems: Problem[] = [];
  const names = Object.keys(tasks) as (keyof Results)[];
  const settled = await Promise.allSettled(names.map(async (name) => ({ name, result: await tasks[name] })));
  for (const task of settled) {
    if (task.status === "fulfilled") results[task.value.name] = task.value.result;
    else problems.push(...problemsOf(task.reason));
  }
  return { results, problems };
}

/**
 * The results of every task.
 * @throws FleetError with the problems of every task that failed
 * @throws the error of a task that failed with anything but a FleetError
 */
export async function requireResults<Results extends object>(tasks: Tasks<Results>): Promise<Results> {
  const { results, problems } = await collectProblems(tasks);
  if (problems.length > 0) throw new FleetError(problems);
  return results as Results;
}
